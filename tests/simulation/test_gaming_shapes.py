"""Hours of a market: sums with the moments of its games, each day with a promotion of its own."""

import numpy as np
import pytest

from simulation.gaming import RETURNS
from simulation.gaming_shapes import DAY, market


def test_the_same_seed_gives_the_same():
    again, other = market(seed=1, weeks=2), market(seed=2, weeks=2)

    assert (market(seed=1, weeks=2).stakes == again.stakes).all()
    assert (other.stakes != again.stakes).any()


def test_games_pay_what_their_rules_make_likely():
    made = market(seed=1, weeks=10)

    assert made.payouts.sum() / made.stakes.sum() == pytest.approx(RETURNS["slots"], rel=0.02)


def test_every_hour_of_the_day_is_promoted_at_some_time():
    events = np.log(market(seed=1, weeks=30, operators=1).events[:, 0])
    levels = events.reshape(-1, DAY) - np.median(events.reshape(-1, DAY), axis=0)

    assert (np.quantile(levels, 0.98, axis=0) > 0.25).all()
    assert (np.quantile(levels, 0.5, axis=0) < 0.05).all()
