"""Plans: totals are sums, the best equalises marginal returns and is never worse than today's."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attribution.response import plan
from attribution.response.curve import Curve

PARAMETERS = st.tuples(st.floats(1, 1000), st.floats(1, 1e4), st.floats(1, 1e4), st.floats(1, 500))


def curve(label, top, half, today, worth=1.0):
    """A curve known exactly."""
    return Curve(
        label=label,
        top=np.full(11, float(top)),
        half=np.full(11, float(half)),
        carry=0.0,
        worth=np.full(11, float(worth)),
        today=float(today),
        most=2.0 * today,
        days=90,
        conversions=100.0,
    )


def curves(parameters):
    return [curve(f"c{n}", *each) for n, each in enumerate(parameters)]


@given(st.lists(PARAMETERS, min_size=1, max_size=8), st.booleans())
def test_the_best_plan_is_no_worse_and_costs_the_same(parameters, by_value):
    found = curves(parameters)
    total = sum(each.today for each in found)

    budgets = plan.best(found, total, by_value=by_value)

    assert sum(budgets.values()) == pytest.approx(total)
    for each in found:
        assert 0.5 * each.today <= budgets[each.label] * (1 + 1e-9)
        assert budgets[each.label] <= 1.5 * each.today * (1 + 1e-9)
    gained = plan.outcome(found, budgets)
    change = gained.revenue_change if by_value else gained.change
    assert change.point >= -1e-6 * (1 + abs(gained.conversions.point + gained.revenue.point))


@given(st.lists(PARAMETERS, min_size=2, max_size=6))
def test_marginal_returns_are_equal_where_no_bound_holds(parameters):
    found = curves(parameters)
    budgets = plan.best(found, sum(each.today for each in found))

    free = [
        float(each.slope(budgets[each.label])[0])
        for each in found
        if 0.501 * each.today < budgets[each.label] < 1.499 * each.today
    ]
    assert max(free, default=1.0) == pytest.approx(min(free, default=1.0), rel=1e-4)


def test_a_plan_sums_its_channels():
    found = [curve("a", 60, 300, 100, worth=10), curve("b", 30, 100, 50, worth=20)]

    outcome = plan.outcome(found, {"a": 300})

    assert (outcome.today, outcome.total) == (150, 350)
    assert outcome.conversions.point == pytest.approx(30 + 10)
    assert outcome.revenue.point == pytest.approx(300 + 200)
    assert outcome.change.point == pytest.approx(30 - 15)
    assert [line.seen for line in outcome.lines] == [False, True]
    assert outcome.decided


def test_today_as_a_plan_changes_nothing_and_decides_nothing():
    outcome = plan.outcome([curve("a", 60, 300, 100)], {})

    assert (outcome.change.point, outcome.decided) == (0, False)


def test_a_total_beyond_the_bounds_gives_the_nearest():
    found = [curve("a", 60, 300, 100), curve("b", 30, 100, 50)]

    assert plan.best(found, 1e9) == {"a": 150, "b": 75}
    assert plan.best(found, 0) == {"a": 50, "b": 25}


def test_no_curve_is_no_plan():
    assert plan.best([], 100) == {}
    assert plan.outcome([], {}).total == 0


@example({"": 5e-324}, 0.5)
@given(st.dictionaries(st.text(), st.floats(0, 1e6), min_size=1), st.floats(0, 1e6))
def test_scaling_keeps_the_total(budgets, total):
    assert sum(plan.scaled(budgets, total).values()) == pytest.approx(total)
