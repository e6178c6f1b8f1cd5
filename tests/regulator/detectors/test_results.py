"""Payouts of matches beside the other books': the same results cost all of them."""

import numpy as np

from regulator.detectors import Kind, results

HOURS, FIRST, BOOKS = 24 * 40, 24 * 20, 5


def books(rng):
    """Hours of bets on a few matches each, whose results all books share."""
    bets = rng.poisson(400, (HOURS, BOOKS)).astype(np.float64)
    staked = bets * 10.0
    cost = rng.lognormal(-0.2, 0.6, HOURS)[:, None]
    return staked * cost * rng.lognormal(0, 0.08, (HOURS, BOOKS)), staked, bets


def test_what_a_result_costs_all_is_nobodys_spike_and_what_it_costs_one_is():
    paid, staked, bets = books(np.random.default_rng(1))
    assert [results.spikes(paid, staked, bets, each, first=FIRST) for each in range(BOOKS)] == [
        [] for _ in range(BOOKS)
    ]
    paid[700:706, 2] *= 3.0
    told = results.spikes(paid, staked, bets, 2, first=FIRST)
    assert [each.kind for each in told] == [Kind.PAYOUT_SPIKE]
    assert 698 <= told[0].started <= 702
    assert 704 <= told[0].ended <= 708
    assert results.spikes(paid, staked, bets, 1, first=FIRST) == []


def test_a_book_alone_or_without_a_past_is_not_judged():
    paid, staked, bets = books(np.random.default_rng(2))
    paid[700:706, 0] *= 5.0
    alone = [each[:, :1] for each in (paid, staked, bets)]
    assert results.spikes(*alone, 0, first=FIRST) == []
    assert results.spikes(paid, staked, bets, 0, first=100) == []


def test_a_few_bets_say_nothing():
    paid, staked, bets = books(np.random.default_rng(3))
    few = np.full_like(bets, 5.0)
    assert results.spikes(paid * 9, staked, few, 0, first=FIRST) == []
