"""Events by id and time together: the log's key."""

import uuid
from datetime import timedelta

from eventlog import read
from tests.eventlog.events import NOON, event


def test_it_finds_those_that_happened_when_it_says(acme, given, as_tenant):
    events = [event(number) for number in range(3)]
    given(acme, events)
    wrong_time = {events[1].id: NOON + timedelta(days=1)}
    keys = {each.id: each.occurred_at for each in events} | wrong_time | {uuid.UUID(int=7): NOON}

    with as_tenant(acme):
        found = read.keyed(keys)
        assert read.keyed({}) == {}

    assert set(found) == {events[0].id, events[2].id}
    assert found[events[2].id].occurred_at == events[2].occurred_at


def test_it_finds_nothing_of_another_tenants(acme, rival, given, as_tenant):
    given(acme, [event()])

    with as_tenant(rival):
        assert read.keyed({event().id: event().occurred_at}) == {}
