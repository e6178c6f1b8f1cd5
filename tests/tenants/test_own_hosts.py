"""A tenant's own hosts: written as people write them, kept in order, told to the log."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventlog import catalogue, read
from tenants import own_hosts, rules
from tenants.contracts import OwnHostsSet
from tenants.keys import authenticate

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("shop.example.com", "shop.example.com"),
        (" WWW.Example.com. ", "example.com"),
        ("https://user@shop.example.com:8443/basket?a=b#c", "shop.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("example.co.uk", "example.co.uk"),
    ],
)
def test_it_reads_a_host_as_people_write_it(text, host):
    assert rules.own_host(text) == host


@pytest.mark.parametrize(
    "text", ["com", "co.uk", "a b.com", "-a.com", "a..b", "https://", "x" * 70 + ".com", "a_b.com"]
)
def test_it_says_which_text_is_no_host(text):
    with pytest.raises(rules.BadHost) as refused:
        rules.own_host(text)
    assert text.strip()[:60] in refused.value.detail


@given(st.text(max_size=80))
def test_it_gives_a_host_or_a_reason_whatever_is_typed(text):
    try:
        host = rules.own_host(text)
    except rules.BadHost:
        return
    assert rules.own_host(host) == host


def test_it_bounds_the_list():
    with pytest.raises(rules.BadHost, match="At most"):
        rules.own_hosts(f"a{number}.example" for number in range(rules.MOST_OWN_HOSTS + 1))


def test_it_keeps_the_list_and_tells_the_log_what_changed(acme, acme_owner, as_tenant):
    given = {"tenant": acme, "actor": acme_owner, "now": NOW}
    own_hosts.put(**given, hosts=("b.example", "https://A.example/x", "b.example", ""))
    own_hosts.put(**given, hosts=("b.example",))
    own_hosts.put(**given, hosts=("b.example",))

    assert own_hosts.of(acme) == ("b.example",)
    with as_tenant(acme):
        told = [catalogue.decode(each) for each in read.latest(limit=5)]
    assert all(isinstance(each, OwnHostsSet) for each in told)
    assert [(each.hosts, each.previous) for each in told] == [
        (("b.example",), ("a.example", "b.example")),
        (("a.example", "b.example"), ()),
    ]


def test_a_key_brings_its_own_tenants_hosts_at_once(acme, acme_owner, acme_key, rival_key):
    own_hosts.put(tenant=acme, actor=acme_owner, hosts=("blog.example",), now=NOW)

    assert authenticate(acme_key, "ingest").own_hosts == {"blog.example"}
    assert authenticate(rival_key, "ingest").own_hosts == frozenset()
