"""The hourly look: changed traffic is one alert and one training; what is as before is quiet."""

import csv
import io
import uuid
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from alerts import queries as alerts
from alerts.contracts import State
from fraud import tasks
from fraud.drift import measuring, watching
from fraud.models import Case, DriftMeasure, Label
from fraud.training import registry
from kernel import clock
from tests.fraud.cases.told import record

PAGE = "/fraud/models/"
HOUR = timedelta(hours=1)
NOW = clock.now().replace(minute=30)
WHO = "b" * 32


def drift_alerts():
    return [each for each in alerts.alerts().items if each.kind == "fraud.drift"]


def labelled(digest, *, chance, false, number=120):
    """Cases that the model brought up, with a label each; ``false`` of them were false."""
    for n in range(number):
        event = uuid.UUID(int=10_000 + n)
        told = record(event) | {"model": digest, "probability": chance}
        Case.objects.create(
            event=event, at=NOW - HOUR, decided_at=NOW - HOUR, type="ad.click", subject="",
            score=90, verdict="block", record=told,
        )  # fmt: skip
        Label.objects.create(event=event, actor=WHO, at=NOW, subject="", fraud=n < false)


@pytest.fixture
def shop(champion, as_tenant):
    with as_tenant(champion):
        yield champion


def test_traffic_like_what_was_learned_from_raises_nothing(shop, scored, trained):
    scored(trained.later, NOW)

    assert not watching.watch(now=NOW)

    assert drift_alerts() == []
    measured = DriftMeasure.objects.get()
    assert measured.figures["enough"]
    assert measured.figures["share"] < 0.1
    assert "looks like" in measured.figures["headline"]


def test_changed_traffic_is_one_alert_over_two_hours(shop, scored, other):
    scored(other, NOW)

    watching.watch(now=NOW)
    watching.watch(now=NOW + HOUR)

    (alert,) = drift_alerts()
    assert alert.seen == 2
    assert "features" in alert.text
    assert "middle half then" in alert.text
    assert DriftMeasure.objects.count() == 2
    assert [bool(each.features) for each in DriftMeasure.objects.order_by("hour")] == [False, True]


def test_when_it_is_as_before_the_alert_is_resolved(shop, scored, other, trained):
    scored(other, NOW)
    watching.watch(now=NOW)
    later = NOW + timedelta(days=2)
    scored(trained.later, later)

    watching.watch(now=later)

    assert [each.state for each in drift_alerts()] == [State.RESOLVED]


def test_a_training_is_asked_for_once_a_day_where_there_are_labels(
    shop, scored, other, monkeypatch
):
    asked = []
    monkeypatch.setattr(tasks.train, "delay", lambda **how: asked.append(how["schema"]))
    monkeypatch.setattr(watching, "_ASKED", uuid.uuid4().hex)
    scored(other, clock.now())
    tasks.measure_drift()
    assert asked == []  # nothing to learn from

    Label.objects.create(event=uuid.UUID(int=1), actor=WHO, at=NOW, subject="", fraud=True)
    tasks.measure_drift()
    tasks.measure_drift()

    assert asked == [shop.schema_name]


def test_one_tenants_trouble_keeps_no_other_waiting(shop, scored, other, monkeypatch):
    scored(other, clock.now())
    watch, troubled = watching.watch, []

    def trouble(*, now):
        if not measuring.champion():
            troubled.append(True)
            raise DatabaseError("gone")
        return watch(now=now)

    monkeypatch.setattr(watching, "watch", trouble)
    tasks.measure_drift()

    assert troubled
    assert DriftMeasure.objects.count() == 1


def test_few_events_are_measured_but_judged_by_nobody(shop, scored, other):
    scored(other[:100], NOW)

    watching.watch(now=NOW)

    assert drift_alerts() == []
    assert "100 events of the last 24 hours" in DriftMeasure.objects.get().figures["headline"]


def test_a_tenant_without_a_champion_is_quiet_and_its_alert_goes(shop, scored, other):
    scored(other, NOW)
    watching.watch(now=NOW)
    registry.retire(why="Rules.", actor=WHO, now=NOW)

    assert not watching.watch(now=NOW + HOUR)

    assert DriftMeasure.objects.count() == 1
    assert [each.state for each in drift_alerts()] == [State.RESOLVED]


def test_a_rival_sees_nothing(shop, rival, scored, other, as_tenant, rival_owner_client):
    scored(other, NOW)
    watching.watch(now=NOW)

    with as_tenant(rival):
        assert not watching.watch(now=NOW)
        assert drift_alerts() == []
        assert DriftMeasure.objects.count() == 0
    assert "spread otherwise" not in rival_owner_client.get(PAGE).content.decode()


def test_labels_that_break_the_models_promise_are_drift(shop, scored, trained):
    scored(trained.later, NOW)
    labelled(trained.found.served.version, chance=0.9, false=60)

    watching.watch(now=NOW)

    (alert,) = drift_alerts()
    assert "Of 120 labelled events 60 were false" in alert.text


def test_cases_of_the_rules_or_of_another_model_say_nothing(shop, scored, trained):
    scored(trained.later, NOW)
    labelled("0" * 64, chance=0.9, false=60)
    assert measuring.look(now=NOW).performance is None

    Case.objects.all().delete()
    Label.objects.all().delete()
    labelled(trained.found.served.version, chance=0.3, false=60)
    assert measuring.look(now=NOW).performance is None


def test_scoring_that_takes_far_longer_than_all_week_is_drift(shop, scored, trained):
    digest = trained.found.served.version
    for back in range(2, 32):
        DriftMeasure.objects.create(
            hour=NOW - back * HOUR, model=digest, figures={"milliseconds": 10.0, "share": 0.0}
        )
    scored(trained.later, NOW, seconds=0.4)

    watching.watch(now=NOW)

    (alert,) = drift_alerts()
    assert "it used to be 10 ms" in alert.text


def test_looks_go_after_ninety_days(shop, scored, trained):
    old = NOW - timedelta(days=91)
    DriftMeasure.objects.create(hour=old, model="x", figures={})
    scored(trained.later, NOW)

    watching.watch(now=NOW)

    assert not DriftMeasure.objects.filter(hour=old).exists()


def test_the_page_shows_what_moved_and_gives_all_of_it_as_csv(
    shop, scored, other, acme_owner_client
):
    assert "Not measured yet" in acme_owner_client.get(PAGE).content.decode()
    scored(other, NOW)
    watching.watch(now=NOW - timedelta(days=1))
    watching.watch(now=NOW)

    page = acme_owner_client.get(PAGE).content.decode()
    assert "The traffic is no longer what the model learned from" in page
    assert "Drift by day" in page
    answer = acme_owner_client.get(f"{PAGE}?format=drift").content.decode()
    rows = list(csv.DictReader(io.StringIO(answer)))
    assert "weekday" not in {row["feature"] for row in rows}
    psi = [float(row["psi"]) for row in rows]
    assert psi == sorted(psi, reverse=True)
    assert rows[0]["drifted"] == "True"


def test_the_command_tells_the_same(shop, scored, other):
    scored(other, clock.now())
    out = io.StringIO()

    call_command("drift", tenant=shop.slug, stdout=out)

    assert "no longer what the model learned from" in " ".join(out.getvalue().split())
    assert DriftMeasure.objects.count() == 0


def test_the_command_says_what_is_wrong(shop):
    with pytest.raises(CommandError, match="no tenant"):
        call_command("drift", tenant="nobody")
    registry.retire(why="Rules.", actor=WHO, now=NOW)
    with pytest.raises(CommandError, match="No model takes part"):
        call_command("drift", tenant=shop.slug)
