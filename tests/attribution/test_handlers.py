"""The projection: whatever the batches, the outcome is that of a rebuild; stores equal journeys."""

from datetime import timedelta
from itertools import pairwise
from unittest.mock import patch

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attribution import handlers
from attribution.contracts import Merging, Rules, Views, Window
from attribution.journeys.rules import ClicksWin, SharedDevices
from attribution.projection import rework, sums, tables
from attribution.projection.names import direct
from attribution.store import tally
from attribution.store.record import Record
from tests.attribution.stories import (
    START,
    click,
    erased,
    identified,
    purchase,
    rate,
    rejected,
    rules_set,
    source_rejected,
    source_restored,
    spend,
    stored,
    view,
)

TABLES = (
    *(store.table for store in tables.STORES),
    "attribution_name",
    "attribution_identity",
    "attribution_touchpoint",
    "attribution_conversion",
    "attribution_journey",
    "attribution_spend",
    "attribution_foreign_cost",
    "attribution_rate",
    "attribution_link",
    "attribution_rules",
    "attribution_rework",
    "attribution_verdict",
    "attribution_decision",
    "attribution_credit_move",
    "attribution_moved_journey",
)
SUBJECTS = st.sampled_from(["a1", "a2", "a3", "u1", "u2"])
DAYS = st.integers(0, 300).map(lambda n: n / 4) | st.integers(0, 40).map(lambda n: n / 144)
CHANNELS = st.sampled_from(["Email", "Direct", "Paid Search"])
CURRENCIES = st.sampled_from([None, "EUR", "usd", "GBP"])
WORTHS = st.sampled_from([None, "0.86", "1.155", "0.000061", "no number"])
RULES = st.builds(
    Rules,
    lookback_days=st.integers(1, 60),
    windows=st.lists(
        st.builds(
            Window,
            channel=st.sampled_from(["Email", "Paid Search"]),
            conversion_type=st.sampled_from(["", "signup"]),
            days=st.integers(1, 60),
        ),
        max_size=2,
        unique_by=lambda each: (each.channel, each.conversion_type),
    ).map(tuple),
    views=st.builds(
        Views,
        count=st.booleans(),
        days=st.none() | st.integers(1, 20),
        viewable_only=st.booleans(),
        min_seconds=st.sampled_from([0.0, 1.0]),
        clicks_win=st.sampled_from(list(ClicksWin)),
    ),
    shared_devices=st.sampled_from(list(SharedDevices)),
    merging=st.builds(
        Merging,
        sources=st.sampled_from([(), ("crm",), ("server", "crm")]),
        minutes=st.sampled_from([0, 60, 3 * 24 * 60]),
    ),
)


@st.composite
def told(draw, position):
    """A fact: a click or view, a purchase, a link, a day's spend, or a rate."""
    who, day = draw(SUBJECTS), draw(DAYS)
    kind = draw(st.integers(0, 11))
    if kind < 4:
        device = draw(st.sampled_from(["mobile", "desktop", "odd"]))
        campaign = draw(st.sampled_from(["", "summer"]))
        more = {"campaign": campaign, "device": device, "cost": draw(st.sampled_from([None, 0.1]))}
        more["currency"] = draw(CURRENCIES)
        person = draw(st.sampled_from([None, None, "u1", "u2"]))
        return click(position, who, day, draw(CHANNELS), person=person, **more)
    if kind < 5:
        seen = draw(st.sampled_from([None, 0.5, 2.0]))
        return view(
            position, who, day, draw(CHANNELS),
            viewable=draw(st.sampled_from([None, True, False])), view_seconds=seen,
        )  # fmt: skip
    if kind < 7:
        order = draw(st.sampled_from(["", "o1", "o2"]))
        what = draw(st.sampled_from(["purchase", "signup"]))
        source = draw(st.sampled_from(["pixel", "server", "crm"]))
        return purchase(
            position, who, day, 0.1, order=order, source=source, conversion_type=what,
            currency=draw(CURRENCIES),
        )  # fmt: skip
    if kind < 9:
        return identified(position, who, draw(SUBJECTS), day)
    if kind < 10:
        return spend(position, int(day), draw(CHANNELS), 3.5, currency=draw(CURRENCIES))
    return rate(position, int(day), draw(st.sampled_from(["USD", "GBP"])), draw(WORTHS))


@st.composite
def logs(draw):
    """A log: facts in any order, late ones among them, and what is decided about them."""
    events = []
    for position in range(1, draw(st.integers(1, 25)) + 1):
        kind = draw(st.integers(0, 14))
        earlier = st.lists(st.integers(1, 25), min_size=1, max_size=4)
        if kind == 0:
            events.append(rules_set(position, draw(RULES)))
        elif kind == 1:
            events.append(rejected(position, draw(earlier), restored=draw(st.booleans())))
        elif kind == 2:
            source, start = draw(CHANNELS).lower(), draw(st.sampled_from([None, "2026-09-10"]))
            events.append(source_rejected(position, source, start))
        elif kind == 3:
            events.append(source_restored(position, draw(st.integers(1, 25))))
        elif kind == 4:
            events.append(erased(position, draw(SUBJECTS)))
        else:
            events.append(draw(told(position)))
    return events


def contents():
    """Everything the projection has built."""
    return {table: sorted(map(repr, sums.rows(f"SELECT * FROM {table}", []))) for table in TABLES}


def project(events, cuts=(), steps=0):
    """Handle ``events`` from nothing, in batches that end at ``cuts``; settle in the end.

    In between ``steps`` of what is left to do are done after each batch.
    """
    handlers.reset()
    ends = [0, *sorted({cut % len(events) for cut in cuts} - {0}), len(events)]
    for low, high in pairwise(ends):
        handlers.handle(events[low:high])
        for _ in range(steps):
            handlers.settle()
    while handlers.settle():
        pass


def from_journeys():
    """The stores' contents once more, by looking at every journey."""
    rows = sums.rows(
        "SELECT id, person, conversion_type, segment,"
        " (extract(epoch FROM started_at) * 1000000)::bigint,"
        " (extract(epoch FROM ended_at) * 1000000)::bigint,"
        " value, acquires, positions, times, channels, campaigns, sources FROM attribution_journey",
        [],
    )
    pairs = [(Record(*row[:8], *map(tuple, row[8:])), 1) for row in rows]
    return (
        tally.credit(pairs, direct()),
        tally.transitions(pairs),
        tally.paths(pairs),
        tally.totals(pairs),
    )


def plain(key):
    """A row's key, bytes in it as bytes."""
    return tuple(bytes(each) if isinstance(each, memoryview) else each for each in key)


def from_stores():
    """The stores as dictionaries of the same shape."""
    found = []
    for store in (tables.CREDIT, tables.TRANSITION, tables.PATH, tables.TOTAL):
        names = [name for name, _ in store.key]
        extra = [name for name, _ in store.extra]
        columns = ", ".join([*names, *extra, *store.sums])
        width = len(names) + len(extra)
        rows = sums.rows(f"SELECT {columns} FROM {store.table}", [])
        found.append({plain(row[:width]): row[width:] for row in rows})
    return tuple(found)


@pytest.fixture
def in_acme(acme, as_tenant):
    with as_tenant(acme):
        yield


@pytest.mark.usefixtures("in_acme")
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(logs(), st.lists(st.integers(0, 24), max_size=6), st.integers(0, 4))
def test_batches_leave_no_trace_and_stores_equal_journeys(events, cuts, steps):
    project(events)
    rebuilt = contents()
    with patch.object(rework, "PEOPLE", 2):
        project(events, cuts, steps)

    assert contents() == rebuilt
    assert from_stores() == from_journeys()


@pytest.mark.usefixtures("in_acme")
def test_a_link_brings_two_histories_together():
    project([click(1, "anon", 1), purchase(2, "user", 2)], cuts=[1])
    assert sums.rows("SELECT count(*) FROM attribution_journey", []) == [(2,)]

    handlers.handle([identified(3, "anon", "user", day=3)])

    assert sums.rows("SELECT person, positions FROM attribution_journey", []) == [("anon", [1])]


@pytest.mark.usefixtures("in_acme")
def test_an_order_counts_once_whoever_reports_it():
    project([purchase(1, "a", 1, order="o-1"), purchase(2, "b", 1, order="o-1")], cuts=[1])

    assert sums.rows("SELECT id FROM attribution_journey", []) == [(1,)]
    assert sums.rows("SELECT position, merged_into FROM attribution_conversion ORDER BY 1", []) == [
        (1, None),
        (2, 1),
    ]


@pytest.mark.usefixtures("in_acme")
def test_a_tracked_order_is_a_conversion():
    body = {"name": "Order Completed", "properties": {"revenue": 12.5, "order_id": "o"}}

    project([click(1, "a", 1), stored(2, "custom.tracked", "a", 2, body)])

    assert sums.rows("SELECT value, positions FROM attribution_journey", []) == [(12_500_000, [1])]


@pytest.mark.usefixtures("in_acme")
def test_a_later_spend_record_replaces_the_earlier():
    project([spend(1, 0, "Email", 5.0), spend(2, 0, "Email", 7.0)], cuts=[1])

    assert sums.rows("SELECT cost FROM attribution_spend", []) == [(7_000_000,)]


@pytest.mark.usefixtures("in_acme")
def test_a_foreign_amount_counts_at_the_rate_of_its_day():
    rates = [rate(1, 0, "USD", "0.90"), rate(2, 3, "USD", "0.80")]
    project([*rates, purchase(3, "a", 2, 10.0, currency="usd"), purchase(4, "b", 5, 10.0)])
    handlers.handle([purchase(5, "c", 5, 10.0, currency="USD", order="o")])

    found = sums.rows("SELECT value FROM attribution_conversion ORDER BY position", [])
    assert [value for (value,) in found] == [9_000_000, 10_000_000, 8_000_000]


@pytest.mark.usefixtures("in_acme")
def test_an_amount_without_a_rate_is_kept_aside_until_one_comes():
    project([click(1, "a", 1, cost=1.0, currency="USD"), purchase(2, "a", 2, 10.0, currency="USD"),
             spend(3, 1, "Email", 5.0, currency="USD")])  # fmt: skip
    scope = sums.Scope(
        start=START.date(), end=START.date() + timedelta(days=9), dimension=0, segment=None,
        conversion_type=None,
    )  # fmt: skip
    assert [row[2] for row in sums.totals(scope).values() if row[0]] == [0]
    assert [cost for cost, _, _ in sums.spend(scope).values()] == [0]

    handlers.handle([rate(4, 0, "USD", "0.9")])
    assert [row[2] for row in sums.totals(scope).values() if row[0]] == [9_000_000]
    assert [cost for cost, _, _ in sums.spend(scope).values()] == [5_400_000]

    handlers.handle([rate(5, 0, "USD", None)])
    assert [row[2] for row in sums.totals(scope).values() if row[0]] == [0]
    assert [cost for cost, _, _ in sums.spend(scope).values()] == [0]


@pytest.mark.usefixtures("in_acme")
def test_a_rate_against_another_currency_is_not_used():
    project([rate(1, 0, "USD", "0.9", base="GBP"), purchase(2, "a", 2, 10.0, currency="USD")])

    assert sums.rows("SELECT value, aside FROM attribution_conversion", []) == [(0, True)]


@pytest.mark.usefixtures("in_acme")
def test_a_restatement_in_another_currency_replaces_the_day():
    project([spend(1, 0, "Email", 5.0, currency="USD"), rate(2, 0, "USD", "2")])
    handlers.handle([spend(3, 0, "Email", 7.0)])

    assert sums.rows("SELECT cost FROM attribution_spend", []) == [(7_000_000,)]
    assert sums.rows("SELECT * FROM attribution_foreign_cost", []) == []


@pytest.mark.usefixtures("in_acme")
def test_a_late_touch_joins_the_journey_it_belongs_to():
    project([click(1, "a", 1), purchase(2, "a", 5), click(3, "a", 3, "Paid Search")], cuts=[2])

    assert sums.rows("SELECT positions FROM attribution_journey", []) == [([1, 3],)]


@pytest.mark.usefixtures("in_acme")
def test_the_scan_free_plan_stays_inside_the_transaction():
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)
