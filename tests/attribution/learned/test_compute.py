"""Fitted credit by day, segment and key adds up in every dimension."""

from dataclasses import replace

import numpy as np
import pytest

from attribution.contracts import LEARNED, By, Model
from attribution.credit import attribute, deep
from attribution.credit.paths import Paths
from attribution.learned.compute import Network, Observed, learn

CHANNELS = ("Paid Search", "Email", "Direct")


def observed(seed=5, rows=400):
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 5, rows)
    touches = int(lengths.sum())
    kinds = rng.choice([0, 0, 0, 4, 7], rows)
    channel = rng.integers(0, 3, touches)
    ages = np.concatenate([np.sort(rng.uniform(0, 20, size))[::-1] for size in lengths])
    converted = kinds > 0
    return Observed(
        paths=Paths(
            channels=CHANNELS,
            tokens=channel.astype(np.int32),
            offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            conversions=converted.astype(np.float64),
            value=np.where(converted, rng.uniform(1, 90, rows), 0.0),
            nulls=(~converted).astype(np.float64),
            ages=ages,
        ),
        keys={By.CHANNEL: channel + 10, By.CAMPAIGN: channel * 3 + rng.integers(0, 3, touches)},
        journey=np.arange(rows) + 1_000,
        day=rng.integers(20_000, 20_030, rows),
        segment=rng.integers(0, 4, rows),
        conversion_type=kinds,
        acquires=(converted & (np.arange(rows) % 3 > 0)).astype(np.int64),
    )


QUICK = [model for model in LEARNED if model is not Model.DEEP]
"""Without a network to train and export; the deep model has a test of its own."""


@pytest.mark.parametrize("model", QUICK)
def test_it_credits_every_conversion_and_all_value_of_each_type(model):
    seen = observed()
    found = learn(seen, model)
    for credits_ in found.credits.values():
        for kind in (4, 7):
            mine = credits_.conversion_type == kind
            rows = seen.conversion_type == kind
            assert credits_.credit[mine].sum() == pytest.approx(rows.sum())
            assert credits_.value[mine].sum() == pytest.approx(seen.paths.value[rows].sum())
    assert set(found.details) == {"4", "7"}


@pytest.mark.parametrize("model", QUICK)
def test_the_dimensions_agree_to_the_last_touch(model):
    found = learn(observed(), model).credits
    channels, campaigns = found[By.CHANNEL], found[By.CAMPAIGN]
    for channel in range(3):
        whole = channels.credit[channels.key == channel + 10].sum()
        parts = campaigns.credit[campaigns.key // 3 == channel].sum()
        assert parts == pytest.approx(whole)


def of_type(seen, kind):
    """The journeys a model of one conversion type is fitted to."""
    rows = (seen.conversion_type == kind) | (seen.conversion_type == 0)
    touches = np.repeat(rows, seen.paths.lengths)
    return Paths(
        channels=CHANNELS,
        tokens=seen.paths.tokens[touches],
        offsets=np.concatenate([[0], np.cumsum(seen.paths.lengths[rows])]).astype(np.int64),
        conversions=seen.paths.conversions[rows],
        value=seen.paths.value[rows],
        nulls=seen.paths.nulls[rows],
        ages=seen.paths.ages[touches],
    )


def on_one_day(seen):
    """The journeys as if all of them had ended on a day, in a segment."""
    same = np.ones_like(seen.day)
    return replace(seen, day=same, segment=same)


def test_it_gives_the_credit_of_the_model():
    seen = on_one_day(observed())
    found = learn(seen, Model.SURVIVAL).credits
    expected = attribute(of_type(seen, 4), "survival").conversions
    mine = found[By.CHANNEL]
    for channel in range(3):
        here = (mine.key == channel + 10) & (mine.conversion_type == 4)
        assert mine.credit[here].sum() == pytest.approx(expected[channel])


@pytest.mark.parametrize("model", QUICK)
def test_each_day_and_segment_shares_out_what_happened_in_it(model):
    seen = observed()
    found = learn(seen, model).credits[By.CHANNEL]
    for day in np.unique(seen.day):
        for segment in range(4):
            here = (found.day == day) & (found.segment == segment)
            rows = (seen.day == day) & (seen.segment == segment)
            assert found.credit[here].sum() == pytest.approx(seen.paths.conversions[rows].sum())
            assert found.value[here].sum() == pytest.approx(seen.paths.value[rows].sum())


@pytest.mark.parametrize("model", QUICK)
def test_the_touches_sum_to_every_cell_of_the_report(model):
    seen = observed()
    found = learn(seen, model)
    report = found.credits[By.CHANNEL]
    cells = {}
    for touches in found.touches:
        for number, journey in enumerate(touches.journey - 1_000):
            keys = seen.keys[By.CHANNEL][slice(*seen.paths.offsets[journey : journey + 2])]
            credit = touches.credit[slice(*touches.offsets[number : number + 2])]
            place = seen.day[journey], seen.conversion_type[journey], seen.segment[journey]
            for key, part in zip(keys, credit, strict=True):
                cells[(*place, key)] = cells.get((*place, key), 0.0) + part
    columns = (report.day, report.conversion_type, report.segment, report.key)
    expected = dict(zip(zip(*columns, strict=True), report.credit, strict=True))
    assert cells.keys() >= expected.keys()
    for place, part in cells.items():
        assert part == pytest.approx(expected.get(place, 0.0), rel=0, abs=1e-9)


def test_the_ensemble_says_how_sure_it_is_of_every_touch_and_channel():
    found = learn(observed(), Model.ENSEMBLE)
    for touches in found.touches:
        assert ((touches.confidence >= 0) & (touches.confidence <= 1 + 1e-12)).all()
    credits_ = found.credits[By.CHANNEL]
    assert ((credits_.sure >= 0) & (credits_.sure <= credits_.credit * (1 + 1e-12))).all()
    assert credits_.sure.sum() > 0
    assert not learn(observed(), Model.SURVIVAL).credits[By.CHANNEL].sure.any()


@pytest.mark.slow
@pytest.mark.skipif(not deep.installed(), reason="torch is not installed: the deep extra")
def test_a_network_is_trained_once_and_scores_till_it_is_replaced():
    seen = observed(rows=300)
    seen = replace(seen, conversion_type=np.minimum(seen.conversion_type, 4))
    first = learn(seen, Model.DEEP)
    network = Network(artefact=first.artefacts["4"], wide=first.details["4"]["wide"])
    again = learn(seen, Model.DEEP, networks={"4": network})
    for name in ("credit", "value_squares"):
        one, other = (getattr(each.credits[By.CHANNEL], name) for each in (first, again))
        np.testing.assert_array_equal(one, other)
    assert again.artefacts["4"] == network.artefact
    assert first.credits[By.CHANNEL].credit.sum() == pytest.approx(seen.paths.total_conversions)
    both = learn(seen, Model.ENSEMBLE, networks={"4": network})
    assert set(both.details["4"]["shares"]) == {"data-driven", "survival", "deep"}


def test_the_variance_of_all_days_is_that_of_fitting_anew():
    seen = on_one_day(observed(rows=3_000))
    mine = learn(seen, Model.DATA_DRIVEN).credits[By.CHANNEL]
    draws = attribute(of_type(seen, 4), "data-driven", replicates=400, keep_draws=True).draws
    for channel in range(3):
        here = (mine.key == channel + 10) & (mine.conversion_type == 4)
        deviation = draws.credit[channel, 0].std()
        assert np.sqrt(mine.credit_squares[here].sum()) == pytest.approx(deviation, rel=0.35)


def test_squares_are_those_of_journeys_not_of_touches():
    paths = Paths(
        channels=("a",),
        tokens=np.zeros(2, dtype=np.int32),
        offsets=np.array([0, 2]),
        conversions=np.ones(1),
        value=np.full(1, 5.0),
        nulls=np.zeros(1),
        ages=np.array([2.0, 1.0]),
    )
    one = Observed(
        paths=paths,
        keys={By.CHANNEL: np.array([1, 1])},
        journey=np.array([7]),
        day=np.array([1]),
        segment=np.array([0]),
        conversion_type=np.array([2]),
        acquires=np.array([1]),
    )
    (found,) = learn(one, Model.ENSEMBLE).credits.values()
    assert found.credit_squares.tolist() == pytest.approx([1.0])
    assert found.value_squares.tolist() == pytest.approx([25.0])
