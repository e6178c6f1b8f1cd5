"""One line per request, through the whole stack as it is served; nothing personal in any."""

import asyncio
import json
from urllib.parse import quote

import pytest
from asgiref.sync import async_to_sync
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from config.asgi import application
from tests.conftest import PASSWORD, client_of


@pytest.fixture(autouse=True)
def _one_connection():
    """As Django's test client does: the request shares the test's transaction."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


PLANTED = ("zebrafinch", "203.0.113.77", "correct horse")


def ask(method, path, *, host="acme.localhost", headers=(), body=b"", query=""):
    """Status, headers and body of the answer."""
    sent = []
    received = [{"type": "http.request", "body": body, "more_body": False}]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", host.encode())]
        + [(name.lower().encode(), value.encode()) for name, value in dict(headers).items()],
        "client": ("203.0.113.77", 4711),
        "server": ("127.0.0.1", 8000),
    }

    async def receive():
        if not received:
            await asyncio.sleep(3600)  # Django listens for a disconnect beside the answer
        return received.pop()

    async def send(message):
        sent.append(message)

    async def whole():
        await application(scope, receive, send)

    async_to_sync(whole)()
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(m.get("body", b"") for m in sent)


def test_a_page_has_one_line_with_its_ids(lines, acme, acme_owner):
    cookie = client_of(acme).cookies["sessionid"].value

    status, headers, _ = ask(
        "GET", "/settings/keys/", query="q=zebrafinch",
        headers={"Cookie": f"sessionid={cookie}", "X-Request-ID": "from-the-proxy-1"},
    )  # fmt: skip

    (line,) = lines.of("request.answered")
    assert (status, headers[b"x-request-id"]) == (200, b"from-the-proxy-1")
    assert {
        "request": "from-the-proxy-1",
        "tenant": acme.schema_name,
        "user": str(acme_owner.pk),
        "route": "settings/keys/",
        "method": "GET",
        "status": 200,
    }.items() <= line.items()
    assert line["ms"] >= 0
    assert not [planted for planted in PLANTED if planted in lines.text]


def test_an_id_that_is_none_is_not_written(lines, acme):
    _, headers, _ = ask("GET", "/login/", headers={"X-Request-ID": "zebrafinch, with {text}"})

    (line,) = lines.of("request.answered")
    assert line["request"].encode() == headers[b"x-request-id"]
    assert len(line["request"]) == 32
    assert "zebrafinch" not in lines.text


def test_a_collector_has_one_too(lines, committed_tenant, committed_key):
    event = {"type": "custom.tracked", "name": "zebrafinch", "anonymous_id": "zebrafinch"}

    status, headers, body = ask(
        "POST", "/api/v1/events",
        headers={"Authorization": f"Bearer {committed_key}", "Content-Type": "application/json"},
        body=json.dumps({"events": [event]}).encode(),
    )  # fmt: skip

    (line,) = lines.of("request.answered")
    assert (status, json.loads(body)["accepted"]) == (200, 1)
    assert line["request"].encode() == headers[b"x-request-id"]
    assert (line["route"], line["tenant"]) == ("/api/v1/events", committed_tenant.schema_name)
    assert not [secret for secret in (*PLANTED, committed_key) if secret in lines.text]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/join/zebrafinch/", b""),
        ("GET", "/password/MQ/zebrafinch/", b""),
        ("GET", "/journeys/zebrafinch/", b""),
        ("GET", "/no/such/zebrafinch", b""),
        ("GET", "/api/v1/journeys/zebrafinch", b""),
        ("POST", "/login/", f"email=zebrafinch%40x.example&password={quote(PASSWORD)}".encode()),
        ("POST", "/v1/track", b'{"userId": "zebrafinch", '),
    ],
)
def test_what_is_planted_in_a_request_is_in_no_line(lines, acme, method, path, body):
    for host in ("acme.localhost", "localhost"):
        ask(
            method, path, host=host, body=body, query="token=zebrafinch",
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "User-Agent": "zebrafinch", "Referer": "https://zebrafinch.example/",
                "X-Forwarded-For": "203.0.113.77", "Authorization": "Bearer ts_zebrafinch",
            },
        )  # fmt: skip

    assert len(lines.of("request.answered")) == 2
    assert not [planted for planted in PLANTED if planted in lines.text]


def test_a_failure_of_ours_is_a_line_with_the_requests_id(lines, acme, monkeypatch):
    from tenants.pages import public

    def broken(*args, **kwargs):
        raise RuntimeError("zebrafinch")

    monkeypatch.setattr(public, "render", broken)

    status, headers, _ = ask("GET", "/signup/", host="localhost")

    (failure,) = [line for line in lines.all() if line.get("failure") == "RuntimeError"]
    assert status == 500
    assert failure["request"].encode() == headers[b"x-request-id"]
    assert failure["places"][-1].endswith("broken")
    assert "zebrafinch" not in lines.text


def test_what_is_asked_all_the_time_is_quiet_while_it_works(lines, db):
    ask("GET", "/healthz", host="localhost")
    ask("GET", "/static/portal/icon.svg", host="localhost")
    ask("GET", "/static/portal/none", host="localhost")

    assert [line["status"] for line in lines.of("request.answered")] == [404]
