"""Addresses that tenants give: public ones only, whatever their names point to."""

import socket
from datetime import timedelta

import pytest

from alerts.ways import post as posting
from alerts.ways.outcome import ATTEMPTS, LONGEST_WAIT, Refused, next_try
from alerts.ways.post import UnusableAddress, checked, post


@pytest.fixture
def public(settings):
    settings.PRIVATE_RECEIVERS = False


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/x", "ftp://hooks.example.com", "https://", "hooks.example.com",
        "https://user:secret@hooks.example.com/", "https://hooks.example.com:99999/",
        "https://hooks.example.com:0/", "https://[::1", "javascript:alert(1)", "",
    ],
)  # fmt: skip
def test_what_is_no_public_https_address_is_refused(public, url):
    with pytest.raises(UnusableAddress):
        checked(url)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.9", "169.254.169.254", "::1", "fd00::1", "0.0.0.0"],
)
def test_a_name_that_points_into_our_network_is_refused(public, monkeypatch, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = [(family, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(posting.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(Refused) as refused:
        post("https://hooks.example.com/x", b"{}", {})
    assert refused.value.final


def test_one_private_address_among_public_ones_is_enough(public, monkeypatch):
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in ("1.1.1.1", "10.0.0.1")
    ]
    monkeypatch.setattr(posting.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(Refused):
        post("https://hooks.example.com/x", b"{}", {})


def test_a_redirect_is_not_followed(receiver):
    receiver.answers.append((302, {"Location": "http://169.254.169.254/"}))
    assert post(receiver.url, b"{}", {}).status == 302
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("999999999", 86_400), ("soon", None), ("Fri, 01 Jan 2021 00:00:00 GMT", 0)],
)
def test_retry_after_is_read_in_both_forms(receiver, header, seconds):
    receiver.answers.append((503, {"Retry-After": header}))
    found = post(receiver.url, b"{}", {}).retry_after
    assert found == (None if seconds is None else timedelta(seconds=seconds))


def test_waits_grow_and_end():
    waits = [next_try(attempt, Refused(why="busy")) for attempt in range(1, ATTEMPTS)]
    assert waits == sorted(waits)
    assert waits[-1] <= LONGEST_WAIT
    assert next_try(ATTEMPTS, Refused(why="busy")) is None
    assert next_try(1, Refused(why="no", final=True)) is None
    assert next_try(1, Refused(why="busy", wait=timedelta(days=9))) == LONGEST_WAIT
