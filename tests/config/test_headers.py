"""What every answer forbids the browser: every route of both URL confs, by walking."""

import re
import uuid

import pytest
from asgiref.testing import ApplicationCommunicator
from django.test import Client

from config import headers
from ingest.asgi import Collectors
from tests.conftest import client_of
from tests.isolation.routes import PARAMETERS, walk

ROUTES = walk()
ARGUMENTS = dict.fromkeys(PARAMETERS, 1) | {
    "currency": "USD",
    "day": "2026-09-01",
    "decision": uuid.UUID(int=5),
    "id": uuid.UUID(int=6),
    "invitation_id": uuid.UUID(int=7),
    "key_id": uuid.UUID(int=8),
    "uidb64": "MQ",
}


def policy(answer) -> dict[str, list[str]]:
    found = answer.headers["Content-Security-Policy"]
    parts = [part.split() for part in found.split(";")]
    return {name: sources for name, *sources in parts}


def forbids(answer, host):
    """Whether all of it is there; the policy, to look further."""
    found = policy(answer)
    assert found["default-src"] == ["'none'"]
    assert found["script-src"] == found["style-src"] == ["'self'"]
    assert found["frame-ancestors"] == found["base-uri"] == ["'none'"]
    assert f"ws://{host}" in found["connect-src"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers.get("X-Frame-Options", "DENY") == "DENY"  # of old; files have none
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Permissions-Policy"] == headers.PERMISSIONS
    return True


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_every_answer_of_every_route_carries_it(acme, route):
    client = client_of(acme) if route.host == "tenant" else Client(HTTP_HOST="localhost")
    host = client.defaults["HTTP_HOST"]
    for method in ("get", "post"):
        assert forbids(getattr(client, method)(route.path(ARGUMENTS)), host)


@pytest.mark.parametrize("path", ["/no/such/page", "/static/portal/icon.svg", "/static/none"])
def test_what_is_no_route_carries_it_too(acme_owner_client, path):
    assert forbids(acme_owner_client.get(path), "acme.localhost")


def test_a_host_that_is_refused_is_no_socket(db):
    answer = Client(HTTP_HOST="evil.example").get("/")

    assert answer.status_code == 400
    assert policy(answer)["connect-src"] == ["'self'"]


def test_over_tls_the_socket_is_too_and_the_browser_stays_with_tls(acme, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True

    answer = client_of(acme).get("/", secure=True)

    assert "wss://acme.localhost" in policy(answer)["connect-src"]
    assert answer.headers["Strict-Transport-Security"] == (
        "max-age=31536000; includeSubDomains; preload"
    )


def test_forms_lead_to_the_products_hosts_alone():
    sources = headers.policy(base_domain="touchstone.example")["DIRECTIVES"]["form-action"]

    assert sources == ["'self'", "touchstone.example:*", "*.touchstone.example:*"]


def test_no_template_of_a_page_has_script_or_style_in_its_markup(settings):
    """Letters and the cover page of an evidence bundle aside: no host serves those."""
    apart = {"mail", "evidence/cover.html"}
    inline = re.compile(
        r"""<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\b(src|type)=)"""
    )
    root = settings.ROOT / "templates"
    pages = {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*.html")}

    found = [
        name
        for name, text in pages.items()
        if inline.search(text) and not ({name, name.split("/")[0]} & apart)
    ]

    assert len(pages) > 50
    assert found == []


async def test_the_collectors_answers_carry_it_though_they_pass_no_middleware():
    scope = {"type": "http", "method": "POST", "path": "/api/v1/events", "headers": []}
    collectors = ApplicationCommunicator(Collectors(nobody, headers.of_programs()), scope)
    await collectors.send_input({"type": "http.request", "body": b"{}"})
    started = await collectors.receive_output()
    found = {name.decode(): value.decode() for name, value in started["headers"]}
    assert started["status"] == 401
    assert found["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert found["x-content-type-options"] == "nosniff"
    assert found["referrer-policy"] == "same-origin"
    assert found["permissions-policy"] == headers.PERMISSIONS
    assert "strict-transport-security" not in found


async def nobody(scope, receive, send):
    raise AssertionError("collectors answer by themselves")


def test_programs_are_held_to_tls_where_browsers_are(settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    given = headers.of_programs()["Strict-Transport-Security"]
    assert given == "max-age=31536000; includeSubDomains; preload"
