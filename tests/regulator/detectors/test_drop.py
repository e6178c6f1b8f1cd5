"""Feeds that stop or thin out are found within two intervals; busy and quiet days are not."""

import numpy as np
import pytest

from regulator.detectors import Kind, baseline, drop

SEASON, OPERATORS = 168, 8
HOURS = 6 * SEASON


def market(seed=0):
    """Six weeks of hourly events: day, week, growth, a mood that all share, noise of their own."""
    rng = np.random.default_rng(seed)
    hour = np.arange(HOURS)
    shape = (1 + 0.7 * np.sin(2 * np.pi * (hour - 14) / 24)) * (
        1 + 0.25 * np.sin(2 * np.pi * hour / SEASON)
    )
    mood = np.exp(0.15 * np.sin(np.cumsum(rng.normal(0, 0.05, HOURS))))
    rate = (shape * mood * (1 + 0.01 * hour / SEASON))[:, None] * rng.lognormal(6, 0.5, OPERATORS)
    return rng.poisson(rng.gamma(400, rate / 400)).astype(np.float64)


@pytest.fixture(scope="module")
def quiet():
    return market()


def test_a_quiet_market_is_quiet(quiet):
    assert drop.anomalies(quiet) == [[]] * OPERATORS
    assert baseline.anomalies(quiet) == [[]] * OPERATORS


@pytest.mark.parametrize(("left", "kind"), [(0.0, Kind.FEED_DROP), (0.4, Kind.PARTIAL_DROP)])
def test_a_loss_is_found_within_two_intervals_and_told_once(quiet, left, kind):
    counts, at = quiet.copy(), 5 * SEASON + 60
    counts[at : at + 6] = np.floor(
        counts[at : at + 6] * np.where(np.arange(OPERATORS) < 2, left, 1)
    )
    told = drop.anomalies(counts)
    assert [len(each) for each in told] == [1, 1, 0, 0, 0, 0, 0, 0]
    for (each,) in told[:2]:
        assert each.kind == kind
        assert at <= each.started <= at + 1
        assert at + 4 <= each.ended <= at + 6
        assert each.evidence["missing"] == pytest.approx(1 - left, abs=0.1)


def test_a_holiday_of_all_is_nobodys_drop_but_a_deaf_receiver_is_everybodys(quiet):
    counts, part = quiet.copy(), slice(5 * SEASON, 5 * SEASON + 24)
    counts[part] = np.floor(counts[part] * 0.6)
    assert drop.anomalies(counts) == [[]] * OPERATORS
    counts[part] = 0.0
    assert all(len(each) >= 1 for each in drop.anomalies(counts))


def test_what_is_expected_knows_nothing_of_what_comes_later(quiet):
    later = quiet.copy()
    later[5 * SEASON + 1 :] = 0.0
    before, after = baseline.expected(quiet), baseline.expected(later)
    until = 5 * SEASON + 1
    assert np.array_equal(before[:until], after[:until], equal_nan=True)
    assert np.isnan(before[: 2 * SEASON]).all()
    assert np.nanmedian(np.abs(before[3 * SEASON :] / quiet[3 * SEASON :] - 1)) < 0.12


def test_a_surge_is_a_deviation_and_told_once(quiet):
    values = quiet.copy()
    values[900:905, 3] *= 3.0
    told = baseline.anomalies(values)
    assert [len(each) for each in told] == [0, 0, 0, 1, 0, 0, 0, 0]
    assert (told[3][0].started, told[3][0].ended) == (900, 904)


def test_a_loss_too_small_for_an_hour_is_found_in_the_next_ones(quiet):
    counts, at = quiet.copy(), 5 * SEASON + 60
    counts[at : at + 12, 0] = np.floor(counts[at : at + 12, 0] * 0.72)
    alone = drop.scores(counts)[0][at, 0]
    (told,) = drop.anomalies(counts)[0]
    assert alone < -np.log10(drop.SIZE) < told.score
    assert told.ended <= at + 12


def test_matches_move_those_who_take_bets_on_them(quiet):
    matches = 3 * market(7)
    matches[:, :4] = 0.0
    at = slice(5 * SEASON + 60, 5 * SEASON + 66)
    matches[at] = np.floor(matches[at] * 0.3)
    together = drop.scores(quiet + matches)[0][at, 4:]
    apart = drop.scores(quiet + matches, games=[quiet, matches])[0][at, 4:]
    assert np.nanmax(together) > 4
    assert np.nanmax(apart) < 2


def test_an_end_of_a_promotion_is_no_drop_and_announced_closures_are_passed_over(quiet):
    counts = quiet.copy()
    counts[5 * SEASON : 6 * SEASON - 24, 0] *= 1.4
    counts[5 * SEASON + 60 : 5 * SEASON + 63, 1] = np.nan
    assert drop.anomalies(np.floor(counts)) == [[]] * OPERATORS


def test_smaller_losses_are_seen_in_larger_feeds():
    losses = [drop.smallest(events, wide=0.05) for events in (20, 200, 2_000)]
    assert losses == sorted(losses, reverse=True)
    assert losses[2] < 0.35
