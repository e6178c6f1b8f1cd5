"""Drift of binned columns: what is counted, how far it is apart, what chance explains."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import ks_2samp

from ml.drift import counting, measures
from ml.drift.bins import UNKNOWN, WIDTH, BinsUnusable, bins, unpacked
from ml.drift.report import report

VALUES = st.one_of(st.sampled_from([0.0, 1.0, float("nan")]), st.floats(-1e6, 1e6))
MATRICES = st.integers(1, 4).flatmap(
    lambda columns: st.tuples(
        *(
            arrays(np.float64, st.tuples(st.integers(1, 40), st.just(columns)), elements=VALUES)
            for _ in range(3)
        )
    )
)
COUNTS = arrays(np.int64, (3, WIDTH), elements=st.integers(0, 500))


@given(MATRICES)
def test_counts_of_parts_add_up_to_those_of_the_whole(parts):
    learned, one, other = parts
    made = bins(learned)

    together = counting.count(made, np.concatenate([one, other]))

    assert (counting.count(made, one) + counting.count(made, other) == together).all()
    assert (together.sum(axis=1) == len(one) + len(other)).all()
    assert (together[:, UNKNOWN] == np.isnan(np.concatenate([one, other])).sum(axis=0)).all()


@given(MATRICES)
def test_bins_come_back_from_their_rows(parts):
    made = bins(parts[0])

    assert np.array_equal(unpacked(made.rows()).edges, made.edges)


def test_a_tenth_of_the_rows_lies_in_each_bin():
    column = np.random.default_rng(1).lognormal(3, 2, 5_000)[:, None]

    counts = counting.count(bins(column), column)

    assert counts[0, :UNKNOWN] == pytest.approx(500, abs=1)


def test_of_a_constant_what_lies_below_and_above_is_seen():
    made = bins(np.full((50, 1), 7.0))

    found = counting.count(made, np.array([[6.0], [7.0], [8.0], [np.nan]]))

    assert sorted(found[0]) == [0] * (WIDTH - 4) + [1] * 4


def test_a_rare_value_below_a_frequent_one_has_a_bin_of_its_own():
    column = np.array([0.0] * 5 + [1.0] * 95)[:, None]

    assert sorted(counting.count(bins(column), column)[0])[-2:] == [5, 95]


@pytest.mark.parametrize("rows", [[[2.0, 1.0]], [[1.0, 1.0]], [[float("nan")]], [[0.0] * 10]])
def test_edges_that_are_none_are_refused(rows):
    with pytest.raises(BinsUnusable):
        unpacked(rows)


@given(COUNTS, COUNTS)
def test_distances_are_symmetric_and_never_negative(then, now):
    assert (measures.psi(then, now) >= 0).all()
    assert measures.psi(then, now) == pytest.approx(measures.psi(now, then))
    assert (measures.ks(then, now) >= 0).all()
    assert (measures.ks(then, now) <= 1 + 1e-12).all()


@given(COUNTS, st.integers(1, 9))
def test_equal_shares_are_no_distance_apart(then, times):
    assert measures.psi(then, times * then) == pytest.approx(0.0, abs=1e-12)
    assert measures.ks(then, times * then) == pytest.approx(0.0, abs=1e-12)


def test_psi_is_what_a_hand_computes():
    then, now = np.zeros((1, WIDTH), np.int64), np.zeros((1, WIDTH), np.int64)
    then[0, :2], now[0, :2] = (500, 500), (250, 750)

    assert measures.psi(then, now)[0] == pytest.approx(0.25 * np.log(2) + 0.25 * np.log(1.5))
    assert measures.ks(then, now)[0] == pytest.approx(0.25)


def test_ks_is_the_exact_one_or_a_little_less():
    rng = np.random.default_rng(3)
    then, now = rng.normal(0, 1, (4_000, 1)), rng.normal(0.6, 1, (4_000, 1))
    made = bins(then)

    found = measures.ks(counting.count(made, then), counting.count(made, now))[0]

    exact = ks_2samp(then[:, 0], now[:, 0]).statistic
    assert exact - 0.03 < found <= exact + 1e-12


@pytest.mark.parametrize(
    ("n", "m", "most"), [(60, 60, 0.01), (5_000, 100, 0.01), (5_000, 500, 0.003)]
)
def test_chance_is_seldom_taken_for_drift(n, m, most):
    """One column in a thousand, somewhat more of few events: the distribution is approximate."""
    rng = np.random.default_rng(5)
    then, now = rng.normal(size=(n, 4_000)), rng.normal(size=(m, 4_000))
    made = bins(then)
    counts = counting.count(made, then), counting.count(made, now)

    over = measures.psi(*counts) > measures.chance(*counts)

    assert over.mean() < most
    assert measures.drifted(*counts).mean() < most
    assert np.mean(measures.psi(*counts)) == pytest.approx(9 * (1 / n + 1 / m), rel=0.4)


def test_what_moved_is_found_and_nothing_else():
    rng = np.random.default_rng(6)
    then, now = rng.normal(size=(3_000, 40)), rng.normal(size=(800, 40))
    now[:, 3] += 1.0
    now[:, 4] = np.nan
    made = bins(then)
    names = [f"f{place}" for place in range(38)] + ["weekday", "probability"]

    found = report(
        names, made, counting.count(made, then), counting.count(made, now),
        outputs=("probability",), apart=("weekday",),
    )  # fmt: skip

    assert [each.name for each in found.moved] == ["f4", "f3"]
    assert (found.events, found.learned, len(found.features)) == (800, 3_000, 38)
    assert (found.inputs_drifted, found.outputs_drifted) == (False, False)
    assert found.features[0].now.unknown == 1.0
    moved = found.features[1]
    assert moved.then.low == pytest.approx(-0.84, abs=0.1)
    assert moved.then.high == pytest.approx(0.84, abs=0.1)
    assert moved.now.low > moved.then.low


def test_few_events_are_not_judged():
    rng = np.random.default_rng(7)
    then, now = rng.normal(size=(3_000, 5)), rng.normal(3, 1, size=(300, 5))
    made = bins(then)
    counts = counting.count(made, then), counting.count(made, now)

    found = report(list("abcde"), made, *counts, outputs=("e",))

    assert found.share == 1.0
    assert (found.enough, found.inputs_drifted, found.outputs_drifted) == (False, False, False)


@given(st.lists(st.floats(0.0, 60_000.0), min_size=1, max_size=50))
def test_a_percentile_of_durations_is_never_too_short(durations):
    times = np.zeros(counting.TIMES.size, dtype=np.int64)
    for each in durations:
        times[counting.time_place(each)] += 1

    found = counting.percentile(times, 0.5)

    within = sum(each <= found for each in durations)
    assert found == counting.TIMES[-1] or within >= len(durations) / 2
    assert counting.percentile(times * 0, 0.5) is None
