"""Events are kept as long as the policy says: at the door, in the log, in the figures."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from attribution.models import Journey, Touchpoint
from eventlog import read, subscriptions
from eventlog.append import append
from eventlog.contracts import START
from kernel import clock
from tenants.privacy import policy, retention, tasks
from tenants.privacy.contracts import Purpose
from tenants.privacy.models import Policy as Row
from tests.eventlog.events import event, settle

PAGE = "/settings/privacy/policy/"
DAYS = 90


def decide(tenant, days):
    policy.change(
        tenant=tenant, actor="owner", retention_days=days,
        defaults=dict.fromkeys(Purpose, True), now=clock.now(),
    )  # fmt: skip


def send(key, *events):
    return Client().post(
        "/api/v1/events", {"events": list(events)}, content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    ).json()  # fmt: skip


def visit(days, **more):
    at = clock.now() - timedelta(days=days)
    return {"type": "web.page", "anonymous_id": "ada", "timestamp": at.isoformat(), **more}


def test_what_is_older_is_turned_away_with_the_days_it_had(acme, acme_key):
    decide(acme, DAYS)
    spend = {
        "type": "spend.recorded", "timestamp": visit(400)["timestamp"],
        "properties": {"day": "2025-10-20", "channel": "Email", "cost": 5.0},
    }  # fmt: skip

    answer = send(acme_key, visit(DAYS + 1), visit(DAYS - 1), visit(0), spend)

    assert answer["accepted"] == 3
    (refused,) = answer["rejected"]
    assert (refused["index"], refused["code"]) == (0, "beyond_retention")
    assert "90 days" in refused["detail"]


def test_without_a_policy_everything_is_taken(acme_key, rival):
    decide(rival, DAYS)
    assert send(acme_key, visit(DAYS + 1))["rejected"] == []


def test_what_happens_now_asks_nothing(acme, acme_key, monkeypatch):
    decide(acme, DAYS)

    def asked():
        raise AssertionError("the policy was read")

    monkeypatch.setattr(retention, "_kept", asked)
    assert send(acme_key, visit(0), visit(29))["accepted"] == 2


@pytest.fixture
def shop(committed_tenant):
    """Visits that end in purchases, one long ago, one that spans the time, one of today."""
    now = clock.now()
    told = [
        ("web.page", "ada", 200), ("conversion.recorded", "ada", 199),
        ("web.page", "bob", 101), ("web.page", "bob", 85), ("conversion.recorded", "bob", 84),
        ("web.page", "cleo", 1), ("conversion.recorded", "cleo", 0.5),
    ]  # fmt: skip
    for number, (kind, subject, days) in enumerate(told, start=1):
        touch = {"touch": {"channel": "Email"}} if kind == "web.page" else {"value": 9.0}
        append(
            [
                event(
                    number, type=kind, subject=subject, payload=touch,
                    occurred_at=now - timedelta(days=days),
                )
            ],
            recorded_at=now,
        )  # fmt: skip
    settle()
    subscriptions.catch_up("attribution")
    return committed_tenant


def journeys():
    return sorted(Journey.objects.values_list("person", "conversion_type", "positions"))


def test_the_worker_lets_it_expire_and_the_figures_follow(shop):
    assert {person for person, *_ in journeys()} == {"ada", "bob", "cleo"}
    Row.objects.create(id=1, retention_days=DAYS, changed_at=clock.now())

    tasks.expire_events()
    connection.set_tenant(shop)
    settle()
    subscriptions.catch_up("attribution")

    left = read.tail(after=START, limit=100)
    assert "ada" not in {each.subject for each in left}
    assert retention.last().events == 3
    assert {person for person, *_ in journeys()} == {"bob", "cleo"}
    assert sorted(Touchpoint.objects.values_list("subject", flat=True)) == ["bob", "cleo"]
    kept = journeys()
    subscriptions.rebuild("attribution")
    assert journeys() == kept


def test_without_a_policy_nothing_expires(shop):
    tasks.expire_events()
    connection.set_tenant(shop)
    assert len(read.tail(after=START, limit=100)) == 7


def test_the_page_says_what_went(acme, acme_owner_client, as_tenant):
    assert "kept for good" in acme_owner_client.get(PAGE).content.decode()
    decide(acme, DAYS)
    with as_tenant(acme), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO log_expiry (before, events, event_id, noted_at)"
            " VALUES (%s, 1234, gen_random_uuid(), now())",
            [datetime(2026, 8, 1, tzinfo=UTC)],
        )
    page = acme_owner_client.get(PAGE).content.decode()
    assert "older than 90 days" in page
    assert "1,234 events from before 1 Aug 2026" in page


def test_one_tenants_failure_keeps_no_other_waiting(acme, rival, monkeypatch, caplog):
    seen = []

    def apply(*, now):
        seen.append(connection.schema_name)
        if len(seen) == 1:
            raise DatabaseError("locked")

    monkeypatch.setattr(retention, "apply", apply)
    tasks.expire_events()

    assert {acme.schema_name, rival.schema_name} <= set(seen)
    assert "did not expire" in caplog.text
