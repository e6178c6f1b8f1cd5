"""Games settled later: an operator that pays more than the same hours cost the others is told."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from regulator.detectors.anomaly import Kind
from regulator.watch.beside import spikes
from regulator.watch.market import HOUR
from regulator.watch.sensitivity import Levels
from tests.regulator.watch.markets import NAMES, START, hours

WEEKS = 4
NOW = WEEKS * 168 - 10
LATE = frozenset((name, "sports") for name in NAMES)


def market(*, change=None, seed=7):
    """Results are the same for all: each hour's matches cost what they cost."""
    rng = np.random.default_rng(seed)
    made = hours(WEEKS)
    cost = rng.lognormal(-0.1, 0.5, (made.size, 1))
    paid = made.stakes * cost * rng.lognormal(0, 0.05, made.stakes.shape)
    if change:
        change(paid)
    return replace(made, named=("sports",), paid=(paid,), payouts=paid)


def told(made, since=NOW - 30, late=LATE):
    return spikes(made, late, Levels(), since=since)


def test_results_that_cost_everybody_are_no_spike():
    assert told(market()) == []

    def dear(paid):
        paid[NOW - 5 : NOW] *= 3

    assert told(market(change=dear)) == []


def dear_to_one(paid):
    paid[NOW - 5 : NOW, 1] *= 3


def test_what_costs_one_alone_is_told_with_amounts():
    (found,) = told(market(change=dear_to_one))
    assert (found.operator, found.kind) == (NAMES[1], Kind.PAYOUT_SPIKE)
    assert found.evidence["game_type"] == "sports"
    assert abs(found.started_at - (START + (NOW - 5) * HOUR)) <= timedelta(hours=12)
    assert "EUR" in found.explanation


def test_it_is_the_same_whenever_it_is_looked_at():
    made = market(change=dear_to_one)
    (early,), (late,) = told(made, since=NOW - 30), told(made, since=NOW - 3)
    assert (early.started_at, early.score) == (late.started_at, late.score)


def test_what_ended_before_is_not_told_again():
    assert told(market(change=dear_to_one), since=NOW + 8) == []


def test_only_games_that_are_settled_late_are_judged_so():
    made = market(change=dear_to_one)
    assert told(made, late=frozenset()) == []
    assert told(made, late=frozenset({(NAMES[0], "sports")})) == []


def test_an_operator_of_which_nothing_is_known_is_passed_over():
    made = market(change=dear_to_one)
    for values in (made.events, made.stakes, made.payouts, made.paid[0]):
        values[:, 0] = np.nan
    (found,) = told(made)
    assert found.operator == NAMES[1]
