"""The live events and alerts of a tenant are for its members alone."""

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.routing import URLRouter
from django.db import connection

from alerts import live as alerts
from ingest.live import websocket_patterns
from regulator.wall import live as wall
from tenants.sockets import FORBIDDEN, MemberSocketMiddleware
from tests.conftest import client_of

PATHS = pytest.mark.parametrize("path", ["/ws/events/", "/ws/alerts/", "/ws/wall/"])


@pytest.fixture
def cast(committed_tenant):
    """A tenant's committed host and its owner's cookie there."""
    connection.set_schema_to_public()
    return committed_tenant, client_of(committed_tenant).cookies["sessionid"].value


async def knock(host: str, cookie: str = "", *, path: str) -> tuple[bool, int | None]:
    """Open the socket of the live page; whether it opened, and the code when not."""
    headers = [(b"host", host.encode("latin-1")), (b"cookie", cookie.encode("latin-1"))]
    scope = {"type": "websocket", "path": path, "headers": headers, "subprotocols": []}
    app = MemberSocketMiddleware(
        URLRouter([*websocket_patterns, *alerts.websocket_patterns, *wall.websocket_patterns])
    )
    socket = ApplicationCommunicator(app, scope)
    await socket.send_input({"type": "websocket.connect"})
    answer = await socket.receive_output(timeout=10)
    opened = answer["type"] == "websocket.accept"
    if opened:
        await socket.send_input({"type": "websocket.disconnect", "code": 1000})
    await socket.wait(timeout=10)
    return opened, answer.get("code")


@PATHS
async def test_a_member_gets_in(cast, path):
    tenant, key = cast
    opened, _ = await knock(f"{tenant.slug}.localhost:8000", f"sessionid={key}", path=path)
    assert opened


@PATHS
async def test_nobody_else_does(cast, path):
    tenant, key = cast
    for host, cookie in [
        (f"{tenant.slug}.localhost", ""),
        (f"{tenant.slug}.localhost", "sessionid=invented"),
        (f"{tenant.slug}.localhost", "sessionid=\x00;;=\xff"),
        ("acme.localhost", f"sessionid={key}"),
        ("localhost", f"sessionid={key}"),
        ("nowhere.localhost", f"sessionid={key}"),
        ("", f"sessionid={key}"),
    ]:
        assert await knock(host, cookie, path=path) == (False, FORBIDDEN), (host, cookie)
