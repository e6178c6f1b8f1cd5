"""Anomalies put into clean figures: no hour leaves its range, and the day has changed."""

import numpy as np
import pytest

from regulator.features.series import DAY
from regulator.learned.levels import due, levels
from regulator.learned.trial import COURSES, FAULTS, LEAST_MOVED, RANGE, inject
from tests.regulator.learned.told import series

FIRST = 17 * 168


@pytest.fixture(scope="module")
def clean():
    told = series(operators=4)
    return told, due(told)


@pytest.fixture(scope="module")
def injected(clean):
    return inject(*clean, first=FIRST, seed=5)


def test_every_kind_is_there(injected):
    assert {each.shape for each in injected[1]} == set(COURSES)


def test_no_hour_leaves_the_range_of_its_own_past(clean, injected):
    told = levels(*clean)
    changed = levels(injected[0], clean[1])
    clock = clean[0].clock() % DAY
    for each in injected[1]:
        for hour in range(each.started, each.ended + 1):
            past = told[:FIRST][clock[:FIRST] == clock[hour], each.operator]
            low, high = np.nanquantile(past, RANGE, axis=0)
            before, after = told[hour, each.operator], changed[hour, each.operator]
            assert (after <= np.maximum(high, before) + 1e-3).all()
            assert (after >= np.minimum(low, before) - 1e-3).all()


def test_each_moves_a_tenth_of_its_day_at_least(clean, injected):
    for each in injected[1]:
        part = slice(each.started, each.ended + 1)
        before = clean[0].values[part, each.operator, 0]
        after = injected[0].values[part, each.operator, 0]
        moved = np.abs(after - before).sum() / before.sum()
        assert moved == pytest.approx(each.moved, rel=0.01)
        assert moved >= LEAST_MOVED * 0.99


def test_nothing_else_is_changed(clean, injected):
    same = np.ones(clean[0].values.shape[:2], dtype=bool)
    for each in injected[1]:
        same[each.started : each.ended + 1, each.operator] = False

    assert (injected[0].values[same] == clean[0].values[same]).all()
    assert same[:FIRST].all()


def test_the_same_seed_gives_the_same(clean, injected):
    again, others = (inject(*clean, first=FIRST, seed=seed) for seed in (5, 6))

    assert again[1] == injected[1]
    assert (again[0].values == injected[0].values).all()
    assert others[1] != injected[1]


def test_faults_leave_every_range(clean):
    changed, found = inject(*clean, first=FIRST, seed=5, shapes=FAULTS)

    assert {each.shape for each in found} == set(FAULTS)
    assert (changed.values >= 0.0).all()
