"""Alive, ready, metrics, and the status of a tenant."""

import pytest
from django.conf import settings
from django.test import Client

from health import beats, incidents
from health.contracts import Part, State
from kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_redis(monkeypatch):
    """Redis is away."""
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    beats.client.cache_clear()
    yield
    beats.client.cache_clear()


def stalled(label: str) -> Part:
    return Part(
        name=label.lower(), label=label, state=State.STALLED, waiting=1, oldest_seconds=9.0,
        detail="", advice="Start it.", since=clock.now(),
    )  # fmt: skip


def test_it_is_alive():
    assert Client().get("/healthz").json() == {"status": "ok"}


def test_it_is_ready_while_the_database_answers(acme):
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["parts"]["database"] == {"state": "working", "detail": ""}


def test_without_redis_it_goes_on_taking_requests_and_says_so(no_redis):
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["parts"]["redis"]["detail"] == "Redis does not answer."


def test_without_the_database_it_asks_for_no_requests(monkeypatch):
    from health.contracts import Reading
    from health.probes import services
    from health.registry import Probe, Scope, register

    (probe,) = (each for each in services.PROBES if each.name == "database")
    register(
        Probe(name="database", label="", scope=Scope.SERVICE, advice="",
              read=lambda: Reading(away=True))
    )  # fmt: skip
    try:
        assert Client().get("/readyz").status_code == 503
    finally:
        register(probe)


def test_it_tells_prometheus_every_stage_and_no_tenants_name(acme, acme_key):
    Client().post(
        "/api/v1/events",
        {"events": [{"type": "web.page", "anonymous_id": "a"}, {"type": "nonsense"}]},
        content_type="application/json",
        headers={"authorization": f"Bearer {acme_key}"},
    )
    answer = Client().get("/metrics")
    assert answer["Content-Type"].startswith("text/plain")
    text = answer.content.decode()
    for line in (
        'touchstone_projection_lag_seconds{projection="attribution"}',
        'touchstone_ingest_events_total{outcome="accepted"}',
        'touchstone_ingest_rejected_total{code="unknown_type"}',
        'touchstone_ingest_step_seconds_count{step="append"}',
        'touchstone_ingest_requests_total{status="200"}',
        'touchstone_part_up{part="database"} 1.0',
        'touchstone_part_waiting{part="queue:ingest"}',
    ):
        assert line in text, line
    assert acme.slug not in text


def test_a_key_reads_the_status_of_its_tenant(acme, acme_key, rival_key):
    incidents.settle(acme.schema_name, [stalled("Reading")], now=clock.now())

    def incidents_for(key):
        answer = Client().get("/api/v1/status", headers={"authorization": f"Bearer {key}"})
        assert answer.status_code == 200, answer.content
        return [each["label"] for each in answer.json()["incidents"]]

    assert incidents_for(acme_key) == ["Reading"]
    assert incidents_for(rival_key) == []


def test_every_page_says_what_stands_still_until_it_works(acme, acme_owner_client):
    from django.core.cache import cache
    from django_tenants.utils import tenant_context

    with tenant_context(acme):
        cache.delete("health-notice")
    incidents.settle(acme.schema_name, [stalled("Reading")], now=clock.now())
    page = acme_owner_client.get("/status/").content.decode()
    assert "Reading stands still." in page
    assert "Start it." not in page  # an incident alone is no part


def test_the_status_page_names_every_part(acme_owner_client):
    page = acme_owner_client.get("/status/")
    assert page.status_code == 200
    text = page.content.decode()
    for label in ("Database", "Redis", "Projector", "Worker", "Scheduler", "Watcher", "Imports"):
        assert label in text
