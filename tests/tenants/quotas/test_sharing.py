"""Processes share counts through Redis, and the worker moves each count to the rows once."""

from datetime import UTC, datetime

import pytest
import redis

from tenants import acts, usage
from tenants.contracts import UsageReached
from tenants.mail import outbox
from tenants.models import UsageDay
from tenants.quotas import store
from tenants.quotas.ledger import REQUESTS, THROTTLED, Ledger
from tenants.quotas.plans import PLANS, Plan

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY, MONTH = NOW.date(), "2026-11"
PLAN = Plan(name="small", label="Small", events=100, grace=0.1, rate=10, burst=20, days=1, seats=1)


class Process:
    """A server process: its ledger, and the exchange its thread would make."""

    def __init__(self, client):
        self.ledger, self.client = Ledger(), client

    def ask(self, times, schema="t_acme", moment=0.0):
        """How many of so many requests are let in."""
        return sum(
            self.ledger.request(schema, PLAN, moment=moment, day=DAY) == 0 for _ in range(times)
        )

    def count(self, schema="t_acme", **counts):
        counts = {name.replace("_", "."): number for name, number in counts.items()}
        self.ledger.count(schema, day=DAY, month=MONTH, counts=counts)

    def used(self, schema="t_acme"):
        return self.ledger.used(schema, PLAN, month=MONTH, moment=0.0)

    def exchange(self, moment=0.0):
        sent = self.ledger.outgoing(MONTH, moment=moment)
        try:
            events, requests = store.add(self.client, sent)
        except redis.RedisError:
            self.ledger.keep(sent)
            return
        self.ledger.heard(sent, events, requests, moment=moment)


@pytest.fixture
def client():
    with store.client() as made:
        for key in made.scan_iter(f"{store._key()}*"):
            made.delete(key)
        yield made


@pytest.fixture
def one(client):
    return Process(client)


@pytest.fixture
def other(client):
    return Process(client)


def rows(tenant):
    return dict(UsageDay.objects.filter(tenant=tenant).values_list("name", "amount"))


def test_processes_hear_of_each_others_events(one, other):
    one.used(), other.used()
    one.count(web_page=30)
    other.count(web_page=12)
    for process in (one, other, one):
        process.exchange()

    assert (one.used(), other.used()) == (42, 42)


def test_processes_hear_of_each_others_requests(one, other):
    one.ask(1), other.ask(1)
    one.exchange(), other.exchange()
    other.ask(19)
    other.exchange(), one.exchange()

    assert one.ask(20) == 0
    assert one.ask(5, moment=0.3) == 3 - 1  # one of the 19 left a debt of one token


def test_a_quiet_process_owes_nothing_for_the_time_it_slept(one, other):
    one.ask(1), other.ask(1)
    one.exchange(), other.exchange()
    one.ledger.rest()
    for second in range(1, 100):
        other.ask(8, moment=float(second))
        other.exchange(moment=float(second))

    one.exchange(moment=100.0)
    assert one.ask(20, moment=100.0) == 20


def test_nothing_is_lost_while_redis_is_away(one, acme, client):
    away = redis.Redis(port=1)
    one.client = away
    one.ask(3)
    one.count(web_page=5)
    one.exchange(), one.exchange()
    assert one.used() == 5

    one.client = client
    one.exchange()
    store.take(client)

    assert rows(acme) == {"web.page": 5, REQUESTS: 3}
    assert one.used() == 5


def test_the_worker_moves_counts_once(one, acme, rival, client):
    one.ask(25)
    one.count(web_page=5, custom_tracked=1)
    one.count(schema="t_rival", web_page=7)
    one.exchange()

    assert store.take(client) == {"t_acme": 6, "t_rival": 7}
    assert store.take(client) == {}
    assert rows(acme) == {"web.page": 5, "custom.tracked": 1, REQUESTS: 20, THROTTLED: 5}
    assert rows(rival) == {"web.page": 7}


def test_a_worker_that_died_half_way_adds_nothing_twice(one, acme, client, monkeypatch):
    one.count(web_page=5)
    one.exchange()
    with monkeypatch.context() as broken:
        broken.setattr(client, "delete", lambda _: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            store.take(client)
    one.count(web_page=2)
    one.exchange()
    store.take(client)

    assert rows(acme) == {"web.page": 7}


def test_counts_of_a_tenant_that_is_gone_are_dropped(one, client, db):
    one.count(schema="t_gone", web_page=5)
    one.exchange()

    store.take(client)
    assert not UsageDay.objects.exists()


def test_what_redis_lost_is_made_up_from_the_rows(one, other, acme, client):
    one.count(web_page=50)
    one.exchange()
    store.take(client)
    client.delete(store._key("month", "t_acme", MONTH))

    store.restore(client, NOW)

    other.used()
    other.exchange()
    assert other.used() == 50


def test_a_new_month_begins_with_nothing(one):
    one.used()
    one.count(web_page=50)
    assert one.ledger.used("t_acme", PLAN, month="2026-12", moment=0.0) == 0


def told(tenant, as_tenant):
    from eventlog import catalogue, read

    with as_tenant(tenant):
        found = [catalogue.decode(each) for each in read.latest(limit=10)]
    return [each.percent for each in found if isinstance(each, UsageReached)]


def test_owners_are_told_once_at_each_share(one, acme, client, as_tenant, sink):
    usage.change_plan(tenant=acme, plan="free", now=NOW)
    for part in (79_000, 1_500, 1_500, 20_000):
        one.count(web_page=part)
        one.exchange()
        usage.keep(client=client, now=NOW)

    assert told(acme, as_tenant) == [100, 80]
    assert outbox.deliver(now=NOW) == 2
    assert [letter["To"] for letter in sink.letters] == ["owner@acme.example"] * 2
    assert "80 %" in sink.letters[0]["Subject"]
    assert "110,000" in sink.text()


def test_a_changed_plan_is_in_the_log(acme, as_tenant):
    from eventlog import catalogue, read

    usage.change_plan(tenant=acme, plan="team", now=NOW)
    with as_tenant(acme):
        act = catalogue.decode(read.latest(limit=1)[0])
    assert (act.actor, act.plan, act.previous) == (acts.NOBODY, "team", "enterprise")
    assert usage.plan_for(acme) == PLANS["team"]
