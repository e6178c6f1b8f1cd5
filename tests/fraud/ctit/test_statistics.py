"""Shares and tails: against brute force, and against what is known of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from fraud.ctit import statistics
from fraud.ctit.norms import FLOODED


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8))
def test_the_usual_share_is_the_median_of_all_other_installs(pairs):
    found = np.array([min(pair) for pair in pairs])
    of = np.array([max(pair) for pair in pairs])
    usual = statistics.usual_elsewhere(found, of)
    for place in range(len(pairs)):
        others = [
            (found[each] / max(of[each], 1), of[each])
            for each in range(len(pairs))
            if each != place
        ]
        spread = (
            np.sort(np.repeat([s for s, _ in others], [n for _, n in others])) if others else []
        )
        expected = spread[(len(spread) - 1) // 2] if len(spread) else 0.0
        assert usual[place] == pytest.approx(expected)


@given(st.integers(1, 60), st.integers(0, 60), st.floats(0.01, 0.99))
def test_tails_are_sums_of_the_binomial(of, found, share):
    found = min(found, of)
    chances = stats.binom.pmf(np.arange(of + 1), of, share)
    counted, total = np.array([found]), np.array([of])
    assert statistics.above(counted, total, np.array([share]))[0] == pytest.approx(
        chances[found:].sum()
    )
    assert statistics.below(counted, total, share)[0] == pytest.approx(chances[: found + 1].sum())


def test_no_installs_are_evidence_of_nothing():
    nothing = np.zeros(1, dtype=np.int64)
    assert statistics.above(nothing, nothing, np.array([0.1])) == [1.0]
    assert statistics.below(nothing, nothing, 0.1) == [1.0]
    assert statistics.share_interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("found", "of"), [(0, 20), (3, 20), (20, 20), (45, 90_000)])
def test_the_interval_is_that_of_clopper_and_pearson(found, of):
    low, high = statistics.share_interval(found, of)
    assert low == pytest.approx(stats.beta.ppf(0.025, found, of - found + 1) if found else 0.0)
    assert high == pytest.approx(
        stats.beta.ppf(0.975, found + 1, of - found) if found < of else 1.0
    )


def test_flat_times_are_flat_and_fading_ones_are_not():
    rng = np.random.default_rng(1)
    flat = rng.uniform(FLOODED.low, FLOODED.high, 4_000)
    fading = FLOODED.low * 12.0 ** rng.random(4_000)
    source = np.repeat([0, 1, 2], [4_000, 4_000, 1])
    found = statistics.flatness(source, np.concatenate([flat, fading, [1.0]]), 4, FLOODED)
    assert found[0] == pytest.approx(0.2, abs=0.05)
    assert found[1] == pytest.approx(-0.2, abs=0.1)
    assert list(found[2:]) == [0.0, 0.0]


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0, 1e6)), max_size=60))
def test_the_middle_time_is_that_of_each_source_alone(pairs):
    source = np.array([place for place, _ in pairs], dtype=np.int64)
    seconds = np.array([second for _, second in pairs], dtype=float)
    found = statistics.medians(source, seconds, 5)
    for place in range(5):
        mine = seconds[source == place]
        assert found[place] == pytest.approx(np.median(mine) if mine.size else np.nan, nan_ok=True)


@pytest.mark.parametrize(("of", "share"), [(30, 0.03), (200, 0.03), (5_000, 0.2)])
def test_a_detectable_share_is_found_four_times_in_five(of, share):
    (smallest,) = statistics.detectable(np.array([of]), share, 0.01)
    needed = min(k for k in range(of + 1) if stats.binom.sf(k - 1, of, share) <= 0.01)
    assert stats.binom.sf(needed - 1, of, smallest) == pytest.approx(0.8)


def test_a_handful_of_installs_shows_nothing():
    assert np.isnan(statistics.detectable(np.array([0, 1]), 0.03, 0.01)).all()
