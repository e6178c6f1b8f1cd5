from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory

from kernel.errors import InvalidInput
from portal.pages import is_partial, page
from portal.views import server_error


@page("see")
def shown(request):
    if "bad" in request.GET:
        raise InvalidInput("That <b>can't</b> be.")
    return HttpResponse("shown")


def request_of(path="/x/?a=1", *, member=True, permissions=("see",), **headers):
    request = RequestFactory().get(path, HTTP_HOST="acme.localhost:8000", **headers)
    request.membership = SimpleNamespace(role="owner") if member else None
    request.permissions = frozenset(permissions)
    request.tenant = SimpleNamespace(name="Acme")
    request.user = SimpleNamespace(name="Olga", email="olga@acme.example")
    return request


def test_a_member_with_the_permission_sees_it():
    assert shown(request_of()).content == b"shown"


def test_a_stranger_is_sent_to_the_log_in_of_the_bare_host_with_the_way_back():
    address = urlsplit(shown(request_of(member=False))["Location"])
    assert (address.netloc, address.path) == ("localhost:8000", "/login/")
    assert parse_qs(address.query)["next"] == ["http://acme.localhost:8000/x/?a=1"]


def test_a_strangers_partial_moves_the_whole_window():
    answer = shown(request_of(member=False, HTTP_HX_REQUEST="true"))
    assert answer["HX-Redirect"].startswith("http://localhost:8000/login/")


def test_a_member_without_the_permission_is_told():
    answer = shown(request_of(permissions=()))
    assert answer.status_code == 403
    assert b"Your role does not include this page" in answer.content


def test_a_domain_error_becomes_a_page_with_its_status_escaped():
    answer = shown(request_of("/x/?bad=1"))
    assert answer.status_code == 400
    assert b"<b>" not in answer.content
    assert b"invalid_input" in answer.content


def test_a_nul_in_the_address_is_refused_before_the_page_asks_anybody():
    answer = shown(request_of("/x/?a=a%00b"))
    assert answer.status_code == 400
    assert b"unreadable_text" in answer.content


@pytest.mark.parametrize(
    ("headers", "partial"),
    [
        ({}, False),
        ({"HTTP_HX_REQUEST": "true"}, True),
        ({"HTTP_HX_REQUEST": "true", "HTTP_HX_BOOSTED": "true"}, False),
        ({"HTTP_HX_REQUEST": "true", "HTTP_HX_HISTORY_RESTORE_REQUEST": "true"}, False),
    ],
)
def test_partials_are_told_from_pages(headers, partial):
    assert is_partial(request_of(**headers)) is partial


def test_the_page_of_last_resort_needs_nothing():
    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert answer.content.decode() == render_to_string("portal/500.html")


@pytest.mark.parametrize(("cookie", "theme"), [("dark", True), ("light", True), ('"><b>', False)])
def test_the_theme_is_in_the_first_byte_that_is_painted(cookie, theme):
    request = request_of(permissions=())
    request.COOKIES["theme"] = cookie
    assert (f'data-theme="{cookie}"'.encode() in shown(request).content) is theme
