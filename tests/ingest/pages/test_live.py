"""The live page and its socket."""

import json
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.layers import get_channel_layer
from django_tenants.utils import schema_context

from ingest import live
from ingest.live import LiveConsumer
from tests.sending import post_events


def test_it_shows_what_is_in_the_log_and_what_was_rejected(acme_owner_client, acme_key):
    post_events(
        acme_key,
        {"type": "custom.tracked", "anonymous_id": "ann", "name": "Basket Opened"},
        {"type": "no.such_type", "anonymous_id": "ann"},
    )
    text = acme_owner_client.get("/events/").content.decode()
    assert "Basket Opened" in text
    assert "unknown_type" in text


def test_it_helps_a_tenant_without_events(acme_owner_client):
    text = acme_owner_client.get("/events/").content.decode()
    assert "Waiting for the first event" in text
    assert "/api/v1/events" in text


def test_it_shows_a_rival_nothing(rival_owner_client, acme_key):
    post_events(acme_key, {"type": "custom.tracked", "anonymous_id": "ann", "name": "Secret Deal"})
    assert "Secret Deal" not in rival_owner_client.get("/events/").content.decode()


def test_it_sends_strangers_to_the_log_in(stranger_client):
    assert stranger_client.get("/events/").status_code == 302


class Tenant:
    def __init__(self, schema_name):
        self.schema_name = schema_name


async def joined(schema, *permissions):
    """A socket of the consumer, and whether it was let in."""
    scope = {
        "type": "websocket",
        "path": "/ws/events/",
        "tenant": Tenant(schema),
        "permissions": frozenset(permissions),
    }
    socket = ApplicationCommunicator(LiveConsumer.as_asgi(), scope)
    await socket.send_input({"type": "websocket.connect"})
    answer = await socket.receive_output(timeout=10)
    return socket, answer["type"] == "websocket.accept"


async def leave(socket):
    await socket.send_input({"type": "websocket.disconnect", "code": 1000})
    await socket.wait(timeout=10)


async def test_it_passes_on_what_the_collector_takes_to_its_own_tenant_only():
    mine, let_in = await joined("t_live_mine", live.PERMISSION)
    other, _ = await joined("t_live_other", live.PERMISSION)
    assert let_in
    message = {"type": "live.batch", "events": [{"type": "web.page"}]}
    await get_channel_layer().group_send(LiveConsumer.group("t_live_mine"), message)
    received = await mine.receive_output(timeout=10)
    assert json.loads(received["text"]) == {"events": [{"type": "web.page"}]}
    assert await other.receive_nothing()
    await leave(mine)
    await leave(other)


@pytest.mark.parametrize("permissions", [(), ("view_reports",)])
async def test_it_refuses_who_may_not_view_events(permissions):
    socket, let_in = await joined("t_live_mine", *permissions)
    assert not let_in
    await leave(socket)


async def test_a_watcher_is_seen_by_the_collectors_of_its_tenant():
    schema = f"t_live_{uuid4().hex}"
    assert not await sync_to_async(live.watchers.present)(schema)
    socket, _ = await joined(schema, live.PERMISSION)
    live.watchers.forget()  # what a collector does once a second

    def collectors_view():
        with schema_context("t_acme"):
            return live.watchers.present(schema)

    assert await sync_to_async(collectors_view)()
    await leave(socket)
