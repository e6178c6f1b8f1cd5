"""The client's address is what a trusted proxy says, and nobody else."""

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from tenants import address

PROXIES = ["10.0.0.0/8", "2001:db8:ffff::/48"]


@pytest.mark.parametrize(
    ("remote", "forwarded", "found"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),  # nobody we trust says so
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.7", "198.51.100.7"),  # 1.1.1.1 was made up
        ("10.0.0.1", "198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7, nonsense", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3", "10.0.0.3"),
        ("2001:db8:ffff::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("", "198.51.100.7", ""),
    ],
)
def test_it_believes_trusted_proxies_alone(remote, forwarded, found):
    assert address.client(remote, forwarded, PROXIES) == found


@given(st.text())
def test_it_reads_any_header(forwarded):
    address.client("10.0.0.1", forwarded, PROXIES)


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:aaaa:bbbb::1", "2001:db8:aaaa::/48"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_it_shortens_to_a_network(full, short):
    assert address.shortened(full) == short


def test_a_request_is_looked_at_as_configured(settings):
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4")
    assert address.of(request) == "10.0.0.1"
    settings.TRUSTED_PROXIES = PROXIES
    assert address.of(request) == "1.2.3.4"
