"""Streaks: what belongs together is one alarm, and nothing is lost; how bad a score is."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from regulator.detectors import severity, streaks
from regulator.detectors.anomaly import Anomaly, Kind, scanned

SCORES = npst.arrays(np.float64, st.integers(0, 60), elements=st.floats(0, 10))


@given(SCORES, st.floats(0, 10), st.integers(0, 8))
def test_streaks_cover_every_alarm_and_are_apart_by_more_than_the_refractory(scores, limit, quiet):
    found = streaks(scores, limit, refractory=quiet)
    covered = [place for one in found for place in range(one.started, one.ended + 1)]
    assert set(np.flatnonzero(scores > limit)) <= set(covered)
    assert len(covered) == len(set(covered))
    for one in found:
        assert scores[one.started] > limit < scores[one.ended]
        assert scores[one.peak] == scores[one.started : one.ended + 1].max()
    for before, after in pairwise(found):
        assert after.started - before.ended > quiet + 1


def test_a_long_streak_is_one_alarm_and_what_is_not_a_number_is_quiet():
    scores = np.array([0.0, 9.0, np.nan, 8.0, 0.0, 0.0, 0.0, 9.0])
    assert streaks(scores, 5.0, refractory=1) == [(1, 3, 1), (7, 7, 7)]
    assert streaks(scores, 5.0) == [(1, 1, 1), (3, 3, 3), (7, 7, 7)]


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0.1, 100))
def test_severity_rises_with_the_score_from_a_half_at_the_limit(low, high, limit):
    low, high = sorted((low, high))
    assert 0.0 <= severity(low, limit) <= severity(high, limit) < 1.0
    assert severity(limit, limit) == 0.5
    assert severity(np.nan, limit) == 0.0
    assert severity(np.inf, limit) == 1.0


@st.composite
def windows(draw):
    rows = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12), st.floats(0.1, 9))))
    return [
        Anomaly(kind=Kind.PAYOUT_SPIKE, started=start, ended=start + size - 1, severity=0.5,
                score=score, explanation="")
        for start, size, score in rows
    ]  # fmt: skip


@given(windows(), st.integers(0, 8))
def test_windows_that_see_the_same_are_one_finding(told, quiet):
    found = scanned(told, first=0, quiet=quiet)
    assert bool(found) == bool(told)
    for one, other in pairwise(found):
        assert other.started - one.ended > quiet + 1
    for each in told:
        assert any(
            each.started <= one.ended and one.started <= each.ended and one.score >= each.score
            for one in found
        )
    assert scanned(told, first=40, quiet=quiet) == [
        replace(one, started=max(one.started, 40)) for one in found if one.ended >= 40
    ]


def test_a_short_spike_is_as_short_as_its_best_window():
    told = [
        Anomaly(kind=Kind.PAYOUT_SPIKE, started=start, ended=end, severity=0.5, score=score,
                explanation="")
        for start, end, score in ((20, 20, 9.0), (9, 20, 4.0), (18, 22, 5.0), (20, 31, 3.0))
    ]  # fmt: skip
    (found,) = scanned(told, first=0, quiet=3)
    assert (found.started, found.ended) == (20, 20)
