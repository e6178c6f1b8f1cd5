"""A pass over an authority's operators: found once, extended, over; told once; the same anew."""

from datetime import timedelta

import pytest
from django.forms.models import model_to_dict

from alerts.models import Alert
from eventlog.subscriptions import rebuild
from kernel import clock
from regulator import queries_anomalies
from regulator.contracts import Severity
from regulator.models import Anomaly, Quiet, StakeCell, Watch
from regulator.watch import amounts, commands, loading, passes, projection, telling, trial
from regulator.watch.market import HOUR
from tests.regulator.told import REGISTERED, minutes, stake
from tests.regulator.told import project as project_feeds
from tests.regulator.watch.feeds import NOW, WEEKS, counts, feed, project

LOST = 4
ACTOR = "a" * 32


@pytest.fixture
def market(authority):
    """Two operators' nine weeks; lucky lost most of its last four hours."""
    feed("other", counts(seed=2))
    events = counts()
    events[-LOST:] = events[-LOST:] // 5
    feed("lucky", events)
    return events


def look(now=NOW):
    told = passes.hours(now=now)
    project()
    return len(told.found), len(told.extended), len(told.ended)


def longer(events, lost, whole=0):
    """Some hours later: lucky's next ``lost`` hours bring a twentieth, those after them all."""
    shares = [0.05] * lost + [1.0] * whole
    size = len(events) + len(shares)
    feed("other", counts(weeks=WEEKS + 1, seed=2)[:size])
    after = counts(weeks=WEEKS + 1)[len(events) : size]
    feed("lucky", [*events, *(int(n * share) for n, share in zip(after, shares, strict=True))])
    return NOW + len(shares) * HOUR


def rows():
    return sorted(str(model_to_dict(row)) for row in Anomaly.objects.all())


def test_a_drop_is_found_once_extended_ended_and_the_same_when_built_anew(market):
    assert look() == (1, 0, 0)
    assert look() == (0, 0, 0)
    (found,) = queries_anomalies.anomalies().items
    assert (found.operator, found.name, found.kind) == ("lucky", "Lucky", "partial_drop")
    assert found.ended_at == NOW - timedelta(minutes=10)
    assert found.ended_at - found.started_at == LOST * HOUR
    assert found.over_at is None

    later = longer(market, 2)
    assert look(later) == (0, 1, 0)
    over = longer(market, 2, whole=6)
    assert look(over)[::2] == (0, 1)
    (found,) = queries_anomalies.anomalies().items
    # The hour behind it may by chance be one of few records, and is then told as part of it.
    assert (LOST + 2) * HOUR <= found.ended_at - found.started_at <= (LOST + 3) * HOUR
    assert found.over_at is not None

    commands.dismiss(found.id, reason="Announced.", actor=ACTOR, now=over)
    project()
    built = rows()
    rebuild(projection.NAME, limit=2)
    assert rows() == built


def test_a_pass_that_was_overtaken_tells_nothing(market, monkeypatch):
    before = passes._judged("hours")
    assert look() == (1, 0, 0)
    monkeypatch.setattr(passes, "_judged", lambda _: before)
    assert look() == (0, 0, 0)
    assert Anomaly.objects.count() == 1


def test_an_alert_tells_of_it_once_and_rests_when_it_is_dismissed(market):
    look()
    for _ in range(2):
        telling.tell(now=NOW)
    (alert,) = Alert.objects.all()
    assert (alert.kind, alert.severity) == (telling.KIND, "critical")
    assert alert.title == "Lucky: records missing"
    (found,) = queries_anomalies.anomalies().items
    assert alert.path == f"/anomalies/{found.id}/"

    commands.dismiss(found.id, reason="Announced.", actor=ACTOR, now=NOW)
    project()
    telling.tell(now=NOW)
    assert Alert.objects.get().resolved_at is not None


def test_a_feed_that_falls_silent_is_one_anomaly_and_one_alert(market):
    feed("lucky", counts())
    silent = NOW + timedelta(hours=1, minutes=51)
    feed("other", counts(weeks=WEEKS + 1, seed=2)[: WEEKS * 168 + 1])
    assert look(silent) == (1, 0, 0)
    telling.tell(now=silent)
    (found,) = queries_anomalies.anomalies().items
    assert (found.kind, found.severity) == ("feed_silent", Severity.CRITICAL)

    feed("other", counts(weeks=WEEKS + 1, seed=2)[: WEEKS * 168 + 7])
    after = counts(weeks=WEEKS + 1)[WEEKS * 168 : WEEKS * 168 + 7]
    feed("lucky", [*counts(), 0, 0, 0, *after[3:]])
    back = NOW + 7 * HOUR
    assert look(back)[0] == 0
    telling.tell(now=back)
    (found,) = queries_anomalies.anomalies().items
    assert found.kind == "feed_drop"
    assert [each.kind for each in Alert.objects.all()] == [telling.SILENT]


def test_the_preview_shows_what_the_pass_flags(market):
    look()
    kept = queries_anomalies.anomalies(operator="lucky").items
    tried = trial.tried("lucky", now=NOW)
    normal = [each for each in tried["normal"] if str(each.kind) != "thinning"]
    assert [(str(each.kind), each.started_at, each.ended_at) for each in normal] == [
        (each.kind, each.started_at, each.ended_at) for each in kept
    ]
    assert len(tried["low"]) <= len(tried["normal"]) <= len(tried["high"])


def test_a_level_that_was_set_is_what_the_next_pass_judges_by(market):
    commands.set_sensitivity("lucky", kind="", level="low", actor=ACTOR, now=NOW)
    project()
    (item,) = queries_anomalies.sensitivity("lucky")
    assert (item.level, item.kind, item.set_by) == ("low", "", ACTOR)
    assert loading.levels().chosen == {("lucky", ""): "low"}


def test_days_are_judged_and_a_second_night_finds_nothing(market):
    first, second = passes.days(now=NOW), passes.days(now=NOW)
    assert not second
    assert {each.operator for _, each in first.found} <= {"lucky", "other"}
    assert Watch.objects.get(name="days").ran_at == NOW


def test_stakes_and_quiet_are_counted_and_the_same_when_built_anew(lucky):
    quiet = {"id": "q", "type": "no_activity", "sequence": 4, "since": minutes(60).isoformat(),
             "occurred_at": minutes(120).isoformat()}  # fmt: skip
    lucky(stake(1, at=minutes(1), amount=1_250), stake(2, at=minutes(2), amount=1_299),
          stake(3, at=minutes(3), amount=9), quiet)  # fmt: skip
    project()
    cells = sorted(StakeCell.objects.values_list("operator", "lowest", "count"))
    assert cells == [("lucky", 9, 1), ("lucky", 1_200, 2)]
    assert Quiet.objects.values_list("since", "until").get() == (minutes(60), minutes(120))
    rebuild(amounts.NAME, limit=2)
    assert sorted(StakeCell.objects.values_list("operator", "lowest", "count")) == cells
    assert Quiet.objects.count() == 1


def test_single_records_are_read_as_plays_of_ten_minutes(lucky):
    lucky(stake(1, at=minutes(1)), stake(2, at=minutes(2), type="payout", amount=900),
          stake(3, at=minutes(15)), stake(4, at=minutes(61)))  # fmt: skip
    found = loading.plays([REGISTERED])
    each = found["lucky", "slots"]
    assert sorted(zip(each.stakes, each.payouts, strict=True)) == [(500, 0), (500, 900)]


def test_records_that_are_sent_again_under_other_numbers_are_told(lucky):
    lucky(*(stake(n, at=minutes(n)) for n in range(1, 7)))
    lucky(*(stake(n, at=minutes(n), sequence=n - 2) for n in range(3, 7)))
    project_feeds()
    project()
    told = passes.hours(now=clock.now())
    (found,) = [each for _, each in told.found if str(each.kind) == "renumbered"]
    assert found.evidence["taken_out"] == 2
