"""The projector on a real log: it wakes, catches up, goes on after a failure, and stops."""

import threading

import pytest
from django.db import connection

from eventlog import subscriptions
from eventlog.append import append
from eventlog.projector import Projector, advance_all
from eventlog.subscriptions import Subscription
from tests.eventlog.events import NOON, event, settle

WAIT = 120


@pytest.fixture
def numbers():
    """A subscription that keeps what it saw and says so."""
    seen: list[str] = []
    grown = threading.Event()

    def handle(events):
        seen.extend(str(each.id) for each in events)
        grown.set()

    subscriptions.register(Subscription(name="test-seen", handle=handle, reset=seen.clear))
    yield seen, grown
    subscriptions._registered.pop("test-seen")


@pytest.fixture
def only_ours(monkeypatch):
    """Leave the product's own projections out: they have tests of their own."""
    monkeypatch.setattr(subscriptions, "names", lambda: ["test-seen"])


def test_it_catches_up_at_once(committed_tenant, numbers, only_ours):
    append([event(number) for number in range(3)], recorded_at=NOON)
    settle()
    assert advance_all(committed_tenant.schema_name) == 3
    assert advance_all(committed_tenant.schema_name) == 0


def test_it_applies_what_is_appended_while_it_runs_and_stops_when_told(
    committed_tenant, numbers, only_ours
):
    seen, grown = numbers
    projector = Projector()

    def run():
        projector.run()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        for number in range(3):
            grown.clear()
            append([event(number)], recorded_at=NOON)
            assert grown.wait(WAIT)
    finally:
        projector.stop()
        thread.join(timeout=WAIT)
    assert not thread.is_alive()
    assert seen == [str(event(number).id) for number in range(3)]


def test_it_goes_on_with_the_others_when_one_projection_stands_still(
    committed_tenant, numbers, monkeypatch, caplog
):
    def refuse(events):
        raise ValueError("indigestible")

    subscriptions.register(Subscription(name="test-broken", handle=refuse, reset=lambda: None))
    monkeypatch.setattr(subscriptions, "names", lambda: ["test-broken", "test-seen"])
    append([event(1)], recorded_at=NOON)
    settle()
    advance_all(committed_tenant.schema_name)
    subscriptions._registered.pop("test-broken")
    assert numbers[0] == [str(event(1).id)]
    assert "test-broken" in caplog.text
