"""A feed that says nothing is found while the hour runs, unless it is its hour to be quiet."""

from datetime import timedelta

import numpy as np
import pytest

from regulator.contracts_anomalies import Level
from regulator.detectors.anomaly import Kind
from regulator.watch.market import HOUR
from regulator.watch.sensitivity import Levels
from regulator.watch.silence import Heard, silent
from tests.regulator.watch.markets import hours, of

WHOLE = hours(9)


def running(hour):
    """The market in which ``hour`` of the last day is running, and nobody's hour is over."""
    size = WHOLE.size - 24 + hour + 1
    events = WHOLE.events[:size].copy()
    events[-1] = np.nan
    return of(events, step=HOUR)


def found(hour, minutes, *, interval=15, level=Level.NORMAL):
    """What is silent ``minutes`` after birch was last heard at the beginning of the hour."""
    market = running(hour)
    last = market.at(market.size - 1)
    heard = {name: Heard(at=last + timedelta(minutes=minutes), interval=timedelta(minutes=interval))
             for name in market.operators}  # fmt: skip
    heard["birch"] = Heard(at=last, interval=timedelta(minutes=interval))
    levels = Levels({("birch", ""): level})
    return silent(market, heard, levels, now=last + timedelta(minutes=minutes)), last


def test_a_silent_feed_is_found_within_two_of_its_intervals():
    (told,), last = found(20, 30)
    assert (told.operator, told.kind, told.started_at) == ("birch", Kind.FEED_SILENT, last)
    assert told.ended_at == last + timedelta(minutes=30)
    assert "Nothing was played since" in told.explanation


@pytest.mark.parametrize(
    ("hour", "minutes", "interval"),
    [(20, 20, 15), (20, 45, 60), (8, 3, 1)],
    ids=["too soon", "it sends by the hour", "too few are expected"],
)
def test_it_is_not_silent_when_it_usually_is(hour, minutes, interval):
    assert found(hour, minutes, interval=interval)[0] == []


def test_a_higher_level_finds_it_sooner():
    sooner, normal = (
        min(each for each in range(4, 40) if found(8, each, interval=2, level=level)[0])
        for level in (Level.HIGH, Level.NORMAL)
    )
    assert sooner < normal


def test_a_young_feed_is_held_against_its_own_days():
    young = of(WHOLE.events[: 5 * 24 + 21].copy(), step=HOUR)
    young.events[-1] = np.nan
    last = young.at(young.size - 1)
    heard = {"birch": Heard(at=last, interval=timedelta(minutes=15))}
    now = last + timedelta(minutes=50)
    (told,) = silent(young, heard, Levels(), now=now)
    assert told.operator == "birch"
    assert silent(of(young.events[:30], step=HOUR), heard, Levels(), now=now) == []
