"""What the probes see of the real things."""

import os
import time
import uuid

import pytest
from django.conf import settings
from django.db import connection

from eventlog import subscriptions
from eventlog.append import append
from eventlog.seal import sealer
from health import beats
from health.probes import imports, processes, projections, queues, sealing, services
from ingest.models import Import
from kernel import clock
from tests.eventlog.events import NOON, event, settle


@pytest.fixture
def no_redis(monkeypatch):
    """Redis is away."""
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    beats.client.cache_clear()
    yield
    beats.client.cache_clear()


@pytest.fixture
def keys(monkeypatch):
    """Keys of this test's own in the Redis others use too."""
    name = uuid.uuid4().hex
    monkeypatch.setattr(beats, "_KEY", f"test:beats:{name}")
    monkeypatch.setattr(queues, "_SINCE", f"test:waiting:{name}")
    yield f"test-queue-{name}"
    beats.client(os.getpid()).delete(f"test:beats:{name}", f"test:waiting:{name}")


@pytest.fixture
def pass_time(monkeypatch):
    """Set the clock forward."""

    def forward(seconds):
        then = time.time() + seconds
        monkeypatch.setattr(time, "time", lambda: then)

    return forward


@pytest.mark.django_db
def test_the_servers_answer():
    assert not services.database().away
    assert not services.redis().away


def test_redis_away_is_a_reading_not_an_error(no_redis):
    assert services.redis().away
    assert all(probe.read().unseen for probe in (*processes.PROBES, *queues.PROBES))


def test_a_process_lives_while_it_says_so(keys, pass_time):
    read = processes._alive("somebody")
    assert read().idle_seconds == float("inf")
    beats.beat("somebody", "counting", always=True)
    found = read()
    assert found.idle_seconds < 5
    assert found.detail == "counting"
    pass_time(100)
    assert read().idle_seconds > 90


def test_a_queue_knows_how_long_something_waits(keys, pass_time):
    client, read = beats.client(os.getpid()), queues._waiting(keys)
    assert read().waiting == 0
    client.rpush(keys, "task")
    try:
        assert read().waiting == 1
        pass_time(100)
        found = read()
        assert found.oldest_seconds > 90
        assert found.idle_seconds > 90
    finally:
        client.delete(keys)
    assert read().waiting == 0


def test_a_projection_says_what_waits_and_since_when_it_has_not_moved(committed_tenant):
    def nothing(*_):
        """Apply nothing."""

    subscriptions.register(subscriptions.Subscription(name="test", handle=nothing, reset=nothing))
    try:
        read = projections._Projection("test")
        append([event(number) for number in range(3)], recorded_at=NOON)
        settle()
        found = read()
        assert found.waiting == 3
        assert found.oldest_seconds > 60
        subscriptions.advance("test")
        found = read()
        assert (found.waiting, found.idle_seconds) == (0, None)
    finally:
        subscriptions._registered.pop("test")
        connection.close()


@pytest.mark.django_db
def test_imports_that_wait_or_failed_are_counted(acme, as_tenant):
    with as_tenant(acme):
        for number, status in enumerate([Import.Status.WAITING, Import.Status.FAILED]):
            Import.objects.create(
                digest=str(number), name="a.csv", path="x", kind="events", status=status,
                created_at=clock.now(),
            )  # fmt: skip
        found = imports.read()
    assert found.waiting == 1
    assert found.detail == "1 stopped with an error since yesterday."


def test_an_unsealed_event_waits_until_the_tree_holds_it(committed_tenant):
    append([event(1)], recorded_at=NOON)
    settle()
    assert sealing.read().waiting == 1
    sealer.seal(now=clock.now())
    found = sealing.read()
    assert (found.waiting, found.idle_seconds) == (0, None)
    append([event(2)], recorded_at=NOON)
    settle()
    found = sealing.read()
    assert found.waiting == 1
    assert found.idle_seconds is not None
    connection.close()
