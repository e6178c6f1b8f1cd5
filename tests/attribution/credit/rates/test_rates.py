"""The regularised rate of converting: its intervals, its maximum, what a touch takes with it."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.credit import Paths, rates
from attribution.credit.rates.fit import penalised
from attribution.credit.rates.intervals import EDGES, SPANS, intervals

quick = settings(max_examples=40, deadline=None)
CHANNELS = ("a", "b", "c")


def paths_of(journeys):
    """Paths from ([(channel, age), ...], conversions, nulls), oldest touch first."""
    ordered = [(sorted(touches, key=lambda touch: -touch[1]), *ends) for touches, *ends in journeys]
    lengths = [len(touches) for touches, *_ in ordered]
    return Paths(
        channels=CHANNELS,
        tokens=np.array([token for each, *_ in ordered for token, _ in each], dtype=np.int32),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        conversions=np.array([conversions for _, conversions, _ in ordered], dtype=np.float64),
        value=np.zeros(len(ordered)),
        nulls=np.array([nulls for *_, nulls in ordered], dtype=np.float64),
        ages=np.array([age for each, *_ in ordered for _, age in each], dtype=np.float64),
    )


JOURNEYS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.integers(0, 2), st.floats(0.01, 40)), min_size=1, max_size=5),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=8,
).map(paths_of)


def rate_of(fitted, paths, row, age, without=None):
    """The rate by its definition."""
    here = [
        (paths.tokens[at], paths.ages[at] - age)
        for at in range(paths.offsets[row], paths.offsets[row + 1])
        if at != without and 0 <= paths.ages[at] - age < EDGES[-1]
    ]
    times = np.zeros((len(CHANNELS), SPANS))
    for channel, lag in here:
        times[channel, np.searchsorted(EDGES, lag, side="right") - 1] += 1
    return fitted.unit * np.logaddexp(0, fitted.base + (fitted.coefficients * times).sum())


@quick
@given(paths=JOURNEYS)
def test_intervals_hold_all_the_time_and_all_the_conversions(paths):
    found = intervals(paths)
    longest = np.maximum.reduceat(paths.ages, paths.offsets[:-1])
    assert found.exposure.sum() == pytest.approx(
        (longest * (paths.conversions + paths.nulls)).sum()
    )
    assert found.events.sum() == paths.total_conversions
    rows = [
        (*found.marks[found.starts[i] : found.starts[i + 1]].tolist(),
         *found.times[found.starts[i] : found.starts[i + 1]].tolist())
        for i in range(found.exposure.size)
    ]  # fmt: skip
    assert len(set(rows)) == len(rows)


@quick
@given(paths=JOURNEYS)
def test_the_likelihood_is_that_of_the_definition(paths):
    seen = intervals(paths)
    rng = np.random.default_rng(1)
    at = rng.normal(0, 0.4, len(CHANNELS) * SPANS + 1)
    fitted = rates.Rates(
        channels=CHANNELS,
        unit=1.0,
        base=at[-1],
        coefficients=at[:-1].reshape(-1, SPANS),
        penalty=1.0,
        evidence=0.0,
    )
    expected = 0.0
    for row in range(paths.lengths.size):
        expected += paths.conversions[row] * np.log(rate_of(fitted, paths, row, 0.0))
        ages = paths.ages[paths.offsets[row] : paths.offsets[row + 1]]
        cuts = np.unique([0.0, *(age - edge for age in ages for edge in EDGES if age > edge)])
        for low, high in pairwise(cuts):
            count = paths.conversions[row] + paths.nulls[row]
            expected -= count * (high - low) * rate_of(fitted, paths, row, (low + high) / 2)
    value, _, _ = penalised(seen, at, np.zeros(at.size))
    assert value == pytest.approx(expected, rel=1e-9, abs=1e-9)


def many(rng):
    """Journeys whose channel 0 works for a day, channel 1 not at all."""
    journeys = []
    for _ in range(1500):
        token = int(rng.integers(0, 2))
        at = rng.exponential(1.0)
        if token == 0 and rng.random() < 0.5:
            journeys.append(([(0, min(at, 20.0) + 1e-6)], 1, 0))
        elif rng.random() < 0.05:
            journeys.append(([(token, rng.uniform(0.01, 20))], 1, 0))
        else:
            journeys.append(([(token, 20.0)], 0, 1))
    return paths_of(journeys)


def test_the_fit_is_the_maximum_of_the_penalised_likelihood():
    paths = many(np.random.default_rng(3))
    fitted, seen = rates.fit(paths), intervals(paths)
    at = np.append(fitted.coefficients.ravel(), fitted.base)
    ridge = np.full(at.size, fitted.penalty)
    ridge[-1] = 1e-2
    seen = replace(seen, exposure=seen.exposure * fitted.unit)
    value, gradient, hessian = penalised(seen, at, ridge)
    assert np.abs(gradient).max() < 1e-6 * abs(value)
    assert (np.linalg.eigvalsh(hessian) > 0).all()
    rng = np.random.default_rng(1)
    for _ in range(50):
        moved = at + rng.normal(0, 0.05, at.size)
        assert penalised(seen, moved, ridge)[0] <= value + 1e-9


def test_it_learns_what_works_and_for_how_long():
    fitted = rates.fit(many(np.random.default_rng(3)))
    assert fitted.coefficients[0, 0] > 2
    assert fitted.coefficients[0, 0] > fitted.coefficients[0, 3] + 1
    assert abs(fitted.coefficients[1]).max() < 1


@quick
@given(paths=JOURNEYS)
def test_a_touch_takes_with_it_what_the_rate_loses_without_it(paths):
    rng = np.random.default_rng(2)
    fitted = rates.Rates(
        channels=CHANNELS,
        unit=0.1,
        base=-3.0,
        coefficients=rng.uniform(0, 2, (len(CHANNELS), SPANS)),
        penalty=1.0,
        evidence=0.0,
    )
    found = rates.incremental(paths, fitted)
    for row in range(paths.lengths.size):
        here = range(paths.offsets[row], paths.offsets[row + 1])
        whole = rate_of(fitted, paths, row, 0.0)
        lost = np.array([1 - rate_of(fitted, paths, row, 0.0, at) / whole for at in here])
        together = 1 - fitted.unit * np.logaddexp(0, fitted.base) / whole
        expected = together * lost / lost.sum() if lost.sum() > 0 else np.zeros(lost.size)
        np.testing.assert_allclose(found[here.start : here.stop], expected, atol=1e-12)


def test_nothing_works_where_nobody_converts():
    fitted = rates.fit(paths_of([([(0, 3.0)], 0, 4)]))
    assert not fitted.coefficients.any()
    paths = paths_of([([(0, 0.0)], 2, 0)])
    assert rates.incremental(paths, rates.fit(paths)).tolist() == [0.0]


def test_without_times_it_knows_what_journeys_contain():
    paths = replace(paths_of([([(0, 1.5), (1, 0.5)], 2, 1), ([(0, 0.5)], 0, 3)]), ages=None)
    assert intervals(paths).exposure.tolist() == [1.5, 1.5]
    timed = replace(paths, ages=np.full(3, 0.5))
    assert rates.fit(paths).coefficients.tolist() == rates.fit(timed).coefficients.tolist()
