"""Alive, ready, metrics."""

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db


def test_it_is_alive():
    assert Client().get("/healthz").json() == {"status": "ok"}


def test_it_is_ready_when_database_redis_and_projections_are(acme):
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert set(answer.json()["parts"]) == {"database", "redis", "projections"}


def test_it_says_what_is_missing_when_redis_is_gone(monkeypatch):
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["redis"] == {"ok": False, "detail": "Redis does not answer."}


def test_it_tells_prometheus_the_lag_and_no_tenants_name(acme):
    answer = Client().get("/metrics")
    assert answer["Content-Type"].startswith("text/plain")
    text = answer.content.decode()
    assert 'touchstone_projection_lag_seconds{projection="attribution"}' in text
    assert acme.slug not in text
