"""Payouts: chances that are true, jackpots that are no fraud, generous hours that are found."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.detectors import Kind, payout
from tests.data_dir import data_file

HOURS, BETS = 24 * 14, 400


def bets(rng, count=BETS):
    """A slot machine's: most lose, a few win much, one in a hundred thousand the jackpot."""
    stakes = np.round(np.minimum(rng.lognormal(0, 1, count) * 100, 20_000)) + 1
    luck = rng.random(count)
    won = np.select(
        [luck < 0.7, luck < 0.9, luck < 0.99, luck < 0.99999],
        [0, rng.uniform(0.2, 2, count), rng.pareto(2.2, count) * 2 + 2,
         rng.pareto(1.3, count) * 10],
        3_000,
    )  # fmt: skip
    return stakes, stakes * np.minimum(won, 5_000)


@pytest.fixture(scope="module")
def game():
    stakes, paid = bets(np.random.default_rng(0), HOURS * BETS)
    return payout.learn(stakes, paid, np.repeat(np.arange(HOURS), BETS))


def test_the_tail_is_that_of_the_game(game):
    rng = np.random.default_rng(1)
    for cut in game.cuts:
        stakes, _ = bets(rng)
        drawn = rng.choice(cut.multiples, p=cut.chances, size=(4_000, BETS)) @ stakes
        for share in (0.1, 0.01):
            stated = payout.tail(cut, stakes, float(np.quantile(drawn, 1 - share)))
            assert stated == pytest.approx(share, rel=0.3)


@given(st.floats(0, 3), st.floats(0, 3))
def test_more_paid_is_less_likely_and_more_than_all_can_win_impossible(game, one, other):
    cut, stakes = game.cuts[0], np.full(100, 10.0)
    low, high = sorted((one * 1_000, other * 1_000))
    assert 0 <= payout.tail(cut, stakes, high) <= payout.tail(cut, stakes, low) <= 1
    assert payout.tail(cut, stakes, 1e9) < 1e-50


def test_honest_hours_are_seldom_unlikely(game):
    rng = np.random.default_rng(2)
    chances = [payout.judge(game, *bets(rng)).least for _ in range(1_500)]
    assert np.mean(np.array(chances) < 0.05) < 0.06
    assert np.mean(np.array(chances) < 0.001) < 0.005


def test_a_jackpot_is_no_fraud_and_ten_are(game):
    stakes, paid = bets(np.random.default_rng(3))
    paid[0] = 5_000 * stakes[0]
    assert payout.spike(game, stakes, paid) is None
    paid[:10] = 300 * stakes[:10]
    told = payout.spike(game, stakes, paid, position=7)
    assert (told.kind, told.started) == (Kind.PAYOUT_SPIKE, 7)
    assert told.evidence["big_wins"] >= 10


def test_hours_that_pay_three_times_what_they_should_are_found(game):
    rng = np.random.default_rng(4)
    found = 0
    for _ in range(100):
        stakes, paid = bets(rng)
        found += payout.spike(game, stakes, 3 * paid) is not None
    assert found >= 80


def test_bets_that_share_their_luck_make_hours_vary_and_the_limit_wider():
    rng = np.random.default_rng(5)
    stakes = np.full(HOURS * 50, 10.0)
    hours = np.repeat(np.arange(HOURS), 50)
    match = rng.random(HOURS * 5) < 0.45
    paid = np.where(np.repeat(match, 10), 21.0, 0.0)
    shared = payout.learn(stakes, paid, hours)
    alone = payout.learn(stakes, rng.permutation(paid), hours)
    assert shared.cuts[0].dispersion > 5
    assert alone.cuts[0].dispersion < 1.5
    assert payout.learn(stakes[:100], paid[:100], hours[:100]) is None


def test_what_is_too_little_for_an_hour_adds_up_over_hours_and_is_told_once(game):
    rng = np.random.default_rng(6)
    stakes, paid = bets(rng, 48 * BETS)
    hours = np.repeat(np.arange(48), BETS)
    assert payout.spikes(game, stakes, paid, hours) == []
    wrong = np.where((hours >= 20) & (hours < 30), 1.8 * paid, paid)
    alone = payout.spikes(game, stakes, wrong, hours, spans=(1,))
    told = payout.spikes(game, stakes, wrong, hours)
    assert len(told) == 1
    assert sum(each.score for each in alone) < told[0].score
    assert 17 <= told[0].started <= 22
    assert 27 <= told[0].ended <= 32
    assert payout.spikes(game, stakes, wrong, hours, first=33) == []


def test_a_real_crash_games_hours_are_left_be():
    rows = pd.read_csv(data_file("gaming/bustabit_bets.csv.gz")).sort_values("play_time")
    stakes = rows.bet.to_numpy(float)
    paid = stakes * rows.cashed_out_at.fillna(0).to_numpy(float)
    hours = pd.factorize(rows.play_time.str[:13])[0]
    split = int(0.6 * len(rows))
    game = payout.learn(stakes[:split], paid[:split], hours[:split])
    told = [
        payout.spike(game, stakes[hours == hour], paid[hours == hour])
        for hour in np.unique(hours[split:])
    ]
    assert len(told) > 100
    assert sum(each is not None for each in told) <= 1
