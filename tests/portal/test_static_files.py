"""What a browser gets for a style sheet under ASGI, and that nobody is warned about it."""

import warnings

import pytest
from django.test import AsyncRequestFactory, RequestFactory

from portal.static_files import StaticFiles

ADDRESS = "/static/portal/tokens.css"


@pytest.fixture(scope="module")
def files():
    return StaticFiles(lambda _: None)


def test_it_sends_the_whole_file_with_its_type(files):
    answer = files(RequestFactory().get(ADDRESS))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/css")
    assert b"color-scheme" in answer.content
    assert int(answer["Content-Length"]) == len(answer.content)


def test_it_says_when_nothing_changed(files):
    first = files(RequestFactory().get(ADDRESS))
    again = files(RequestFactory().get(ADDRESS, HTTP_IF_NONE_MATCH=first["ETag"]))
    assert (again.status_code, again.content) == (304, b"")


def test_it_sends_a_range(files):
    part = files(RequestFactory().get(ADDRESS, HTTP_RANGE="bytes=0-9"))
    assert (part.status_code, len(part.content)) == (206, 10)


def test_it_leaves_other_addresses_to_the_pages(files):
    assert files(RequestFactory().get("/static/nothing.css")) is None


def test_the_body_is_no_stream_that_asgi_would_warn_of(files):
    assert not files(AsyncRequestFactory().get(ADDRESS)).streaming


def test_no_folder_is_missed_at_the_start():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        StaticFiles(lambda _: None)
