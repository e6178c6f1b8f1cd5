"""A ring is told once, once more when it has doubled, and no more when it is gone."""

import uuid
from datetime import timedelta

import pytest

from alerts import queries as alerts
from alerts import raising
from alerts.contracts import Severity, State
from alerts.models import Delivery, Route
from fraud import tasks
from fraud.models import Case
from fraud.rings import queries, telling
from kernel import clock
from tests.fraud.rings.told import keep, shelf

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _asleep(monkeypatch):
    """No worker is woken."""
    from alerts import planning

    monkeypatch.setattr(planning, "_wake", lambda _: None)


@pytest.fixture
def route(farm, as_tenant):
    """Somewhere to be told, of fraud alone."""
    with as_tenant(farm):
        return Route.objects.create(
            name="x", way="webhook", kinds="fraud.", lowest="warning", created_at=clock.now()
        )


def test_it_is_told_once_with_what_it_is(farm, route, as_tenant):
    now = clock.now()
    with as_tenant(farm):
        telling.tell(now=now)
        telling.tell(now=now + HOUR)
        (found,) = alerts.alerts().items
        (ring,) = queries.found(now=now).rings
        told = Delivery.objects.filter(route=route).count()

    facts = {fact.label: fact.value for fact in found.facts}
    assert (found.kind, found.key, found.severity) == ("fraud.ring", ring.id, Severity.WARNING)
    assert (found.seen, told) == (2, 1)
    assert found.path == f"/fraud/rings/{ring.id}/"
    assert found.since == ring.first
    assert (facts["Suspicious events"], facts["Devices"], facts["At stake"]) == (
        "12", "6", "12.00 EUR",
    )  # fmt: skip
    assert facts["Publishers"].endswith("(12)")
    assert "6 persons and 6 devices at 1 address" in found.text


def test_one_that_has_doubled_is_told_once_more_as_the_same(farm, route, as_tenant):
    now = clock.now()
    with as_tenant(farm):
        telling.tell(now=now)
        keep(shelf(devices=5, each=2, first=100), end=now + HOUR)
        telling.tell(now=now + HOUR)
        assert [each.severity for each in alerts.alerts().items] == [Severity.WARNING]
        keep(shelf(devices=5, each=1, first=200), end=now + 2 * HOUR)
        telling.tell(now=now + 2 * HOUR)
        telling.tell(now=now + 3 * HOUR)
        (found,) = alerts.alerts().items
        told = Delivery.objects.filter(route=route).order_by("pk")
        reasons = list(told.values_list("reason", flat=True))

    assert (found.severity, found.title) == (
        Severity.CRITICAL, "A fraud ring made 27 suspicious events"
    )  # fmt: skip
    assert reasons == ["raised", "worse"]


def test_what_somebody_dealt_with_is_left_alone_until_it_goes_on(farm, as_tenant):
    now, later = clock.now(), clock.now() + timedelta(days=9)
    with as_tenant(farm):
        telling.tell(now=now)
        raising.resolve(alerts.alerts().items[0].id, actor="a" * 32, now=now + HOUR)
        telling.tell(now=later)
        assert [each.state for each in alerts.alerts().items] == [State.RESOLVED]
        keep(shelf(devices=5, each=1, first=300), end=later)
        telling.tell(now=later + HOUR)
        assert [each.state for each in alerts.alerts().items] == [State.OPEN, State.RESOLVED]


def test_a_ring_of_which_nothing_is_seen_any_more_is_resolved(farm, as_tenant):
    now = clock.now()
    with as_tenant(farm):
        telling.tell(now=now)
        telling.tell(now=now + timedelta(days=40))
        assert alerts.alerts().items[0].state is State.RESOLVED


def test_the_same_ring_keeps_its_alert_when_its_oldest_event_is_too_old(farm, as_tenant):
    now = clock.now()
    with as_tenant(farm):
        telling.tell(now=now)
        Case.objects.order_by("at").first().delete()
        telling.tell(now=now + HOUR)
        (found,) = alerts.alerts().items
        (ring,) = queries.found(now=now).rings

    assert (found.state, found.key, len(ring.events)) == (State.OPEN, ring.id, 11)


def test_the_worker_looks_only_where_a_case_came_and_one_tenants_trouble_keeps_no_other(
    farm, rival, as_tenant, monkeypatch
):
    from django.db import DatabaseError, connection

    now, looked, tell = clock.now(), [], telling.tell
    monkeypatch.setattr(clock, "now", lambda: now)

    def noted(*, now):
        looked.append(connection.schema_name)
        if connection.schema_name == farm.schema_name and len(looked) == 1:
            raise DatabaseError("gone")
        tell(now=now)

    monkeypatch.setattr(telling, "tell", noted)
    tasks.find_rings()
    assert looked == [farm.schema_name, rival.schema_name]
    tasks.find_rings()
    tasks.find_rings()
    assert looked == [farm.schema_name, rival.schema_name, farm.schema_name]

    with as_tenant(farm):
        assert len(alerts.alerts().items) == 1
        keep(shelf(devices=1, each=1, first=400), end=now)
    with as_tenant(rival):
        assert not alerts.alerts().items
    tasks.find_rings()
    assert looked[3:] == [farm.schema_name]


def test_a_ring_taken_in_by_another_answers_to_both_names(farm, as_tenant):
    now = clock.now()
    with as_tenant(farm):
        (first,) = queries.found(now=now).rings
        keep(shelf(ip=901, first=500, devices=7), end=now)
        old = {each.id for each in queries.found(now=now).rings}
        keep([*shelf(ip=900, devices=1, each=1, first=600)], end=now)
        bridge = Case.objects.get(event=uuid.UUID(int=600))
        bridge.record["entities"]["device"] = 5_000.0 * 901
        bridge.save()
        (both,) = queries.found(now=now + timedelta(days=1)).rings

        assert first.id in old
        assert len(old) == 2
        assert {queries.ring(name, now=now).id for name in old} == {both.id}
