"""Simulated markets: their laws, their totals, and frauds that are where their truth says."""

from dataclasses import replace

import numpy as np
import pytest

from simulation import gaming_frauds, gaming_games
from simulation.gaming_calendar import DAY
from simulation.gaming_frauds import Truth, Wrong
from simulation.gaming_games import GAMES, ORDER
from simulation.gaming_market import HOUR, Book, counts, feed, hourly, market

DAYS, SEED = 28, 5


@pytest.fixture(scope="module")
def made():
    return market(SEED, days=DAYS, bets=120.0)


def ends_as(book, other):
    return all(np.array_equal(getattr(book, name), getattr(other, name)) for name in Book.__slots__)


@pytest.mark.parametrize("game", [name for name, each in GAMES.items() if each.pays])
def test_a_game_returns_what_its_rules_make_likely(game):
    drawn = GAMES[game].pays(np.random.default_rng(5), 1_000_000)
    error = drawn.std() / 1_000
    assert drawn.mean() == pytest.approx(GAMES[game].returns, abs=5 * error)


def test_a_paytable_adds_up_and_ends_with_the_jackpot():
    pays, chances = np.array(gaming_games.SLOTS).T
    assert pays @ chances == pytest.approx(GAMES["slots"].returns)
    assert chances.sum() < 1
    assert pays[-1] == gaming_games.JACKPOT == pays.max()


def test_bets_on_matches_return_their_share_and_share_their_luck(made):
    sports = ORDER.index("sports")
    money, together = [], []
    for book in made.books:
        mine = (book.game == sports) & ~book.refunded
        if mine.sum() > 10_000:
            staked, paid = (
                np.bincount(book.settled[mine] // HOUR, each[mine], made.hours + 48)
                for each in (book.stake, book.payouts)
            )
            together.append(paid.sum() / staked.sum())
            money.append((staked, paid))
    assert np.mean(together) == pytest.approx(GAMES["sports"].returns, abs=0.04)
    busy = np.argsort(np.sum([staked for staked, _ in money], axis=0))[-40:]
    alike = np.corrcoef([paid[busy] / staked[busy] for staked, paid in money])
    assert np.median(alike[np.triu_indices(len(money), 1)]) > 0.25


def test_the_same_seed_makes_the_same_market_and_another_seed_another(made):
    again, other = market(SEED, days=DAYS, bets=120.0), market(SEED + 1, days=DAYS, bets=120.0)
    assert made.houses == again.houses
    assert all(ends_as(*pair) for pair in zip(made.books, again.books, strict=True))
    assert not ends_as(made.books[0], other.books[0])


def test_operators_are_as_busy_as_they_are_large_and_never_while_closed(made):
    hours = hourly(made)
    for place, house in enumerate(made.houses):
        size = sum(house.games.values())
        assert hours[:, place].mean() == pytest.approx(size, rel=0.35)
        for start, end in house.closed:
            open_ = hours[start + 7 * DAY % made.hours : end + 7 * DAY % made.hours, place]
            assert hours[start + 1 : end, place].sum() <= 0.3 * max(open_.sum(), 20)


def test_hours_alone_follow_the_same_laws_as_bets(made):
    alone = counts(SEED, days=DAYS, bets=120.0)
    assert alone.houses == made.houses
    whole, drawn = hourly(made).sum(axis=0), np.sum(alone.games, axis=0).sum(axis=0)
    assert drawn == pytest.approx(whole, rel=0.12)


def test_a_feed_has_a_record_of_every_stake_and_of_all_that_came_back_in_the_order_of_time(made):
    book = made.books[1]
    sent = feed(book)
    assert sent.number.tolist() == list(range(1, sent.number.size + 1))
    assert (np.diff(sent.at) >= 0).all()
    sums = [int(sent.amount[sent.kind == kind].sum()) for kind in (0, 1, 2)]
    assert sums == [
        int(book.stake.sum()), int(book.payouts.sum()), int(book.back[book.refunded].sum())
    ]  # fmt: skip


def test_bets_are_thinned_where_the_truth_says_and_the_numbering_shows_it_only_with_holes(made):
    truth = Truth(operator=0, kind=Wrong.THINNED, started=240, ended=480, size=0.25)
    changed = gaming_frauds.put(made, [truth], seed=1)
    before, after = hourly(made)[:, 0], hourly(changed)[:, 0]
    left = after[240:480].sum() / before[240:480].sum()
    assert left == pytest.approx(0.75, abs=0.03)
    assert np.array_equal(np.delete(before, range(240, 480)), np.delete(after, range(240, 480)))
    assert ends_as(changed.books[1], made.books[1])
    closed = feed(changed.books[0]).number
    kept = gaming_frauds.sent(made.books[0], truth, np.random.default_rng([1, 3, 0]))
    holes = gaming_frauds.with_holes(feed(made.books[0]), kept).number
    assert closed.size == holes.size == closed[-1] < holes[-1]


def test_high_stakes_left_out_are_the_highest_and_as_much_money_as_the_truth_says(made):
    truth = Truth(operator=3, kind=Wrong.HIGH_STAKES, started=240, ended=480, size=0.2)
    book, left = made.books[3], gaming_frauds.put(made, [truth], seed=1).books[3]
    span = (book.placed // HOUR >= 240) & (book.placed // HOUR < 480)
    inside = (left.placed // HOUR >= 240) & (left.placed // HOUR < 480)
    gone = 1 - left.stake[inside].sum() / book.stake[span].sum()
    assert gone == pytest.approx(0.2, abs=0.05)
    assert left.stake[inside].max() < np.sort(book.stake[span])[-(~inside).size // 500]


def test_a_spike_multiplies_what_one_game_pays_for_its_hours(made):
    truth = Truth(
        operator=0, kind=Wrong.PAYOUT_SPIKE, started=300, ended=310, size=3.0, game="slots"
    )
    before, after = made.books[0], gaming_frauds.put(made, [truth], seed=1).books[0]
    hour, slots = before.placed // HOUR, before.game == ORDER.index("slots")
    touched = (hour >= 300) & (hour < 310) & slots & ~before.refunded
    assert (after.back[touched] == np.round(3.0 * before.back[touched])).all()
    assert np.array_equal(after.back[~touched], before.back[~touched])


def test_truths_are_drawn_inside_the_market_and_none_twice_at_once(made):
    rng = np.random.default_rng(2)
    cheats = gaming_frauds.under_reporters(replace(made, days=60), rng)
    assert len({each.operator for each in cheats}) == 3
    lost = gaming_frauds.drops(made.houses, 60 * DAY, rng, count=12)
    for each in lost:
        others = [one for one in lost if one.operator == each.operator and one is not each]
        assert all(one.started >= each.ended or one.ended <= each.started for one in others)
        assert 0.6 <= each.size <= 1.0
    spells = gaming_frauds.spikes(replace(made, days=60), rng, count=4)
    assert len({(each.operator, each.game) for each in spells}) == len(spells)


def test_drops_take_their_share_of_the_hours_bets():
    whole = counts(3, days=DAYS, bets=2_000.0)
    truth = Truth(operator=2, kind=Wrong.PARTIAL_DROP, started=300, ended=320, size=0.7)
    lost = gaming_frauds.lost(whole, [truth], seed=1)
    before, after = (np.sum(each.games, axis=0)[:, 2] for each in (whole, lost))
    assert after[300:320].sum() / before[300:320].sum() == pytest.approx(0.3, abs=0.03)
    assert np.array_equal(after[320:], before[320:])
