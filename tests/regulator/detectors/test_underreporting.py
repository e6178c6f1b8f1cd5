"""Revenue stated too low: found beside shared luck; honest books are left be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from regulator.detectors import Kind, underreporting
from regulator.detectors.underreporting import Panel, alarms, calibrate, scores

WEEKS, OPERATORS = 220, 6


def market(seed=0, cut=0.0, since=WEEKS):
    """Books that share their luck; the first withholds a share of its revenue from a week on."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(0, 0.02, (WEEKS, 1))
    hold = 0.09 + shared + rng.normal(0, 0.02, (WEEKS, OPERATORS))
    handle = rng.lognormal(17, 0.2, (WEEKS, OPERATORS))
    revenue = handle * hold
    revenue[since:, 0] *= 1 - cut
    return Panel(handle=handle, revenue=revenue)


def test_a_fifth_withheld_for_half_a_year_is_found_and_told():
    panel = market(cut=0.2, since=180)
    limit = calibrate([scores(panel, each) for each in range(1, OPERATORS)])
    raised = [each for each in underreporting.anomalies(panel, 0, limit) if each.ended >= 180]
    assert raised[0].kind == Kind.UNDER_REPORTING
    assert raised[0].ended < 206
    assert raised[0].evidence["money"] > 0
    late = underreporting.compare(
        panel.hold()[:, 0], panel.hold()[:, 1:], panel.handle[:, 1:], end=206, window=26
    )
    assert late.shortfall / late.expected == pytest.approx(0.2, abs=0.1)


def test_the_markets_bad_luck_is_not_held_against_an_operator():
    panel = market()
    panel.revenue[190:] *= 0.7
    alone = Panel(handle=panel.handle[:, :1], revenue=panel.revenue[:, :1])
    assert np.nanmax(scores(panel, 0)[190:]) < 0.6 * np.nanmax(scores(alone, 0)[190:])


def test_weeks_in_the_window_are_not_learned_from():
    clean, cut = market(), market(cut=0.3, since=190)
    own = [panel.hold()[:, 0] for panel in (clean, cut)]
    others, sizes = clean.hold()[:, 1:], clean.handle[:, 1:]
    told = [underreporting.compare(each, others, sizes, end=216, window=26) for each in own]
    assert told[0].expected == told[1].expected
    assert told[1].score > told[0].score + 3


def test_too_short_a_past_says_nothing_and_missing_weeks_are_passed_over():
    panel = market()
    assert np.isnan(scores(panel, 0)[: underreporting.LEAST + 12]).all()
    panel.revenue[100, 0] = np.nan
    told = scores(panel, 0)
    assert np.isnan(told[100])
    assert np.isfinite(told[101:]).all()


@given(
    npst.arrays(np.float64, st.integers(1, 120), elements=st.floats(-3, 6)), st.floats(0, 4),
    st.integers(1, 30),
)  # fmt: skip
def test_alarms_are_above_the_limit_and_a_refractory_apart(told, limit, refractory):
    raised = alarms(told, limit, refractory=refractory)
    assert all(told[week] > limit for week in raised)
    assert (np.diff(raised) >= refractory).all()
    assert bool(raised) == bool((told > limit).any())


@pytest.mark.parametrize("per_year", [0.25, 0.5, 2.0])
def test_the_limit_keeps_false_alarms_within_what_was_agreed(per_year):
    clean = [scores(market(seed), 0) for seed in range(12)]
    limit = calibrate(clean, per_year=per_year)
    years = sum(np.isfinite(each).sum() for each in clean) / 52
    raised = sum(len(alarms(each, limit)) for each in clean)
    assert raised <= per_year * years
    assert limit < 3.5


def test_the_stated_power_is_what_injections_show():
    limit, seen = 2.0, []
    for seed in range(150):
        panel = market(seed + 100, cut=0.15, since=WEEKS - 26)
        own, others = panel.hold()[:, 0], panel.hold()[:, 1:]
        told = underreporting.compare(own, others, panel.handle[:, 1:], end=WEEKS, window=26)
        seen.append(told.score > limit)
    stated = underreporting.power(0.15, weeks=26, variation=0.021 / 0.09, limit=limit)
    assert np.mean(seen) == pytest.approx(stated, abs=0.1)
