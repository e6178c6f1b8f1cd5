"""Differences between channels: exact points, bounds that hold at once, and what can't be told."""

from datetime import date

import numpy as np
import pytest

from attribution import handlers, queries_money
from attribution.contracts import Model
from attribution.credit.verdict import against, against_variance, differences
from attribution.money.figures import Metric
from attribution.projection import certainty
from attribution.projection.differences import NoSuchBaseline
from tests.attribution.stories import click, purchase, spend

RANGE = {"start": date(2026, 9, 1), "end": date(2026, 9, 30)}


@pytest.fixture
def shop(acme, as_tenant):
    """E-mail sells to 60, display to 58, search to 5; all but display cost 30."""
    events = []
    for channel, count in (("Email", 60), ("Display", 58), ("Search", 5)):
        for number in range(count):
            who = f"{channel}{number}"
            events.append(click(len(events) + 1, who, number % 9, channel))
            events.append(purchase(len(events) + 1, who, number % 9 + 0.5, 10.0))
    events += [spend(900, 1, "Email", 30.0), spend(901, 1, "Search", 30.0)]
    with as_tenant(acme):
        handlers.handle(events)
        yield


def rows(**asked):
    found = queries_money.differences(**(RANGE | {"model": Model.LINEAR} | asked))
    return {row.label: row for row in found.rows}


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("model", [Model.LINEAR, Model.MARKOV, Model.SHAPLEY])
def test_far_ones_are_told_and_near_ones_are_not(model):
    found = rows(model=model, baseline="Email")

    assert found["Display"].point == pytest.approx(-2)
    assert not found["Display"].decided
    assert found["Search"].point == pytest.approx(-55)
    assert found["Search"].decided
    assert "Email" not in found


@pytest.mark.usefixtures("shop")
def test_returns_and_costs_compare_those_that_cost_something():
    roas, cpa = (
        rows(baseline="Search", metric=Metric.ROAS),
        rows(baseline="Search", metric=Metric.CPA),
    )

    assert set(roas) == set(cpa) == {"Email"}
    assert roas["Email"].point == pytest.approx(20 - 50 / 30)
    assert cpa["Email"].point == pytest.approx(30 / 60 - 30 / 5)
    assert roas["Email"].decided


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("baseline", "metric"), [("Nobody", Metric.CONVERSIONS), ("Display", Metric.ROAS)]
)
def test_what_has_no_such_figure_is_no_baseline(baseline, metric):
    with pytest.raises(NoSuchBaseline):
        rows(baseline=baseline, metric=metric)


@pytest.mark.usefixtures("shop")
def test_too_many_journeys_are_left_to_the_worker(monkeypatch):
    from attribution import tasks

    monkeypatch.setattr(certainty, "PATIENCE", 10)
    monkeypatch.setattr(tasks, "ask_for_intervals", lambda **_: None)

    found = queries_money.differences(model=Model.LINEAR, baseline="Email", **RANGE)
    assert found.rows is None


def test_against_one_is_narrower_than_against_all():
    rng = np.random.default_rng(1)
    draws = rng.poisson(100, (6, 400)).astype(float)
    amounts = draws.mean(axis=1)

    point, low, high = against(amounts, draws, 2)
    every = differences(amounts, draws)

    assert point == pytest.approx(amounts - amounts[2])
    assert (high - low <= every.high[:, 2] - every.low[:, 2] + 1e-9).all()
    assert (low[2], high[2]) == (0, 0)


def test_variances_alone_give_bounds_too():
    amounts, variance = np.array([100.0, 90.0, 10.0]), np.array([100.0, 90.0, 10.0])

    point, low, high = against_variance(amounts, variance, 0)

    assert low[1] < 0 < high[1]
    assert high[2] < 0
    assert (point[0], low[0], high[0]) == (0, 0, 0)
