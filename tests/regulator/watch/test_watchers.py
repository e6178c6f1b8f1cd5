"""Each detector is reached, at its operator's level, and tells in times and words."""

from dataclasses import replace

import numpy as np
import pytest

from regulator.contracts import Severity
from regulator.contracts_anomalies import Level
from regulator.detectors.anomaly import Anomaly, Kind
from regulator.watch import watchers
from regulator.watch.market import HOUR
from regulator.watch.sensitivity import Levels, Strictness
from regulator.watch.sighting import explained, joined
from regulator.watch.watchers import DAILY, HOURLY, honest, stepwise, watch
from tests.regulator.watch.markets import days, hours

QUIET = hours(9)
LAST = QUIET.size - 1


def spoilt(figure, operator, part, factor):
    values = getattr(QUIET, figure).copy()
    place = QUIET.operators.index(operator)
    values[part, place] = np.round(values[part, place] * factor)
    return replace(QUIET, **{figure: values})


def test_a_quiet_market_has_nothing_to_tell():
    assert watch(QUIET, Levels(), HOURLY) == []


@pytest.mark.parametrize(
    ("figure", "factor", "kind"),
    [("events", 0.0, Kind.FEED_DROP), ("events", 0.4, Kind.PARTIAL_DROP),
     ("stakes", 9.0, Kind.BASELINE)],
)  # fmt: skip
def test_what_is_unusual_is_told_with_its_operator_times_and_words(figure, factor, kind):
    market = spoilt(figure, "birch", slice(LAST - 3, LAST + 1), factor)

    (told,) = joined(explained(joined(watch(market, Levels(), HOURLY))))

    assert (told.operator, told.kind) == ("birch", kind)
    assert (told.started_at, told.ended_at) == (market.at(LAST - 3), market.at(LAST + 1))
    assert told.severity in (Severity.CRITICAL, Severity.WARNING)
    assert told.evidence["figure"] == figure
    assert "expected" in told.explanation


def test_amounts_are_told_in_the_operators_currency():
    market = spoilt("stakes", "cedar", slice(LAST, LAST + 1), 9.0)
    (told,) = watch(market, Levels(), HOURLY)
    assert "EUR staked in the hour from" in told.explanation


def test_a_drop_is_not_told_as_unusual_hours_too():
    market = spoilt("events", "birch", slice(LAST - 3, LAST + 1), 0.0)
    market = replace(market, stakes=market.events * 500)
    seen = watch(market, Levels(), HOURLY)
    assert {each.kind for each in seen} == {Kind.FEED_DROP, Kind.BASELINE}
    assert {each.kind for each in explained(seen)} == {Kind.FEED_DROP}


def test_thinning_is_found_by_days():
    market = days(70)
    market.events[40:, 2] *= 0.8
    (told,) = watch(market, Levels(), DAILY)
    assert (told.operator, told.kind) == ("cedar", Kind.THINNING)
    assert abs((told.started_at - market.at(40)).days) <= 3


def test_days_on_which_a_feed_was_broken_are_not_thinning():
    market = days(70)
    market.events[50:53, 2] = 0.0
    made_good = honest(market, {"cedar": [(50, 53)]})
    assert watch(made_good, Levels(), DAILY) == []
    assert (np.abs(made_good.events[50:53, 2] / 2_000 - 1) < 0.2).all()
    assert (market.events[50:53, 2] == 0).all()


def test_a_level_is_of_its_operator_and_kind_only():
    market = spoilt("events", "birch", slice(LAST, LAST + 1), 0.62)
    found = {
        level: watch(market, Levels({("birch", ""): level}), HOURLY[:1], only="birch")
        for level in Level
    }
    assert len(found[Level.LOW]) <= len(found[Level.NORMAL]) <= len(found[Level.HIGH])
    own = Levels({("birch", ""): Level.LOW, ("birch", "partial_drop"): Level.HIGH})
    assert own.of("birch", Kind.PARTIAL_DROP) is Level.HIGH
    assert own.of("birch", Kind.BASELINE) is Level.LOW
    assert own.of("amber", Kind.BASELINE) is Level.NORMAL


def test_limits_keep_the_false_alarms_of_a_market_as_it_grows():
    few, many = Strictness(operators=10), Strictness(operators=100)
    assert few.size(1e-6) == pytest.approx(1e-6)
    assert many.size(1e-6) == pytest.approx(1e-7)
    assert many.deviations(6.0) > few.deviations(6.0) == pytest.approx(6.0)
    assert Strictness(Level.LOW).deviations(6.0) > Strictness(Level.HIGH).deviations(6.0)
    assert Strictness(Level.HIGH).rate(0.5) == pytest.approx(15.0)


def test_a_member_that_was_learned_is_added_by_one_line():
    def learned(values):
        told = Anomaly(kind=Kind.BASELINE, started=5, ended=6, severity=0.6, score=1.0,
                       explanation="An odd shape.")  # fmt: skip
        return [[told], *([] for _ in range(values.shape[1] - 1))]

    member = stepwise("shapes", frozenset({Kind.BASELINE}), learned)
    (told,) = watch(QUIET, Levels(), (member,))
    assert (told.operator, told.started_at) == ("amber", QUIET.at(5))
    assert told.ended_at == QUIET.at(6) + HOUR
    assert told.explanation == "An odd shape."


def test_every_watcher_has_a_name_of_its_own():
    names = [each.name for of in watchers.WATCHERS.values() for each in of]
    assert len(names) == len(set(names))
