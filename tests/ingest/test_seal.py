"""Personal fields on their way into the log, told as requests."""

import json

import pytest
from django.db import connection

from eventlog.subjects import keys
from eventlog.subjects.opening import Sealed, opened
from kernel import clock
from kernel.ids import pseudonym
from tests.sending import post_events

ADA = {
    "type": "custom.tracked",
    "name": "Order Completed",
    "anonymous_id": "cookie-of-ada",
    "user_id": "customer-17",
    "properties": {"email": "ada@x.example", "revenue": 5, "buyer": {"phone": "0171"}},
    "context": {
        "ip": "192.0.2.7",
        "userAgent": "Mozilla/5.0 (iPhone)",
        "page": {"url": "https://x.example/?email=ada%40x.example"},
        "device": {"id": "D-1", "advertisingId": "A-1"},
        "traits": {"name": "Ada"},
    },
}
PERSONAL = ("cookie-of-ada", "customer-17", "ada@x", "0171", "192.0.2.7", "Mozilla", "D-1", "A-1")


@pytest.fixture
def send(acme_key):
    """Post native events; answers the response's document."""

    def post(*events, key=acme_key):
        return post_events(key, *events)

    return post


def stored():
    """The active tenant's events: (id, subject, sealed, all columns as text)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, subject, sealed, event::text FROM event ORDER BY position")
        return cursor.fetchall()


def contents():
    return opened([Sealed(*row[:3]) for row in stored()], now=clock.now())


def test_it_seals_everything_personal_and_opens_it_again(acme, send, as_tenant):
    assert send(ADA)["accepted"] == 1

    with as_tenant(acme):
        [(_, _, sealed, row)] = stored()
        [fields] = contents()
    assert sealed is not None
    assert not [text for text in PERSONAL if text in row]
    assert fields == {
        "anonymous_id": "cookie-of-ada",
        "user_id": "customer-17",
        "properties.email": "ada@x.example",
        "properties.buyer.phone": "0171",
        "context.ip": "192.0.2.7",
        "context.userAgent": "Mozilla/5.0 (iPhone)",
        "context.traits": {"name": "Ada"},
        "context.device.id": "D-1",
        "context.device.advertisingId": "A-1",
        "page.url": "https://x.example/?email=ada%40x.example",
    }


def test_it_opens_nothing_of_an_erased_subject(acme, send, as_tenant):
    send(ADA)
    with as_tenant(acme):
        [(_, subject, _, _)] = stored()
        keys.erase([subject], now=clock.now())

        assert contents() == [{}]


@pytest.mark.parametrize(
    "event",
    [
        {"anonymous_id": "ada"},
        {"user_id": "ada-user"},
        {"anonymous_id": "new-cookie", "user_id": "ada-user"},
        {"type": "user.aliased", "name": None, "user_id": "new", "previous": "ada"},
        {"type": "user.aliased", "name": None, "user_id": "new", "previous": "ada-user"},
    ],
    ids=["subject", "user", "link", "alias", "alias of user"],
)
def test_it_turns_away_what_would_bring_an_erased_subject_back(acme, send, as_tenant, event):
    secret = bytes(acme.secret)
    with as_tenant(acme):
        erased = [pseudonym(secret, "a", "ada"), pseudonym(secret, "u", "ada-user")]
        keys.erase(erased, now=clock.now())

    answer = send({"type": "custom.tracked", "name": "x"} | event, {**ADA})

    assert answer["accepted"] == 1
    assert [each["code"] for each in answer["rejected"]] == ["subject_erased"]
    with as_tenant(acme):
        assert len(stored()) == 1


def test_it_seals_for_the_subject_of_the_event_alone(acme, send, as_tenant):
    """The same person in two events: one key; another person: another."""
    send(ADA, ADA, {**ADA, "anonymous_id": "bob"})

    with as_tenant(acme), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM subject_key WHERE wrapped IS NOT NULL")
        assert cursor.fetchone() == (2,)


def test_the_leaf_covers_what_is_sealed(acme, send, as_tenant):
    from eventlog import canonical

    send(ADA)

    with as_tenant(acme), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, type, version, subject, occurred_at, recorded_at, source, payload::text,"
            " sealed, leaf FROM event"
        )
        *columns, payload, sealed, leaf = cursor.fetchone()
    names = ("id", "type", "version", "subject", "occurred_at", "recorded_at", "source")
    fields = dict(zip(names, columns, strict=True))
    for name in ("occurred_at", "recorded_at"):
        fields[name] = canonical.timestamp(fields[name])
    line = canonical.leaf_input(
        **fields, payload=canonical.encode(json.loads(payload)), sealed=bytes(sealed)
    )
    assert canonical.leaf_hash(line) == bytes(leaf)


def test_it_turns_away_what_is_too_large_to_be_sealed(send):
    answer = send({**ADA, "properties": {"email": "x" * 40_000}})

    assert [each["code"] for each in answer["rejected"]] == ["event_too_large"]


def test_it_leaves_out_what_belongs_to_nobody(acme, send, as_tenant):
    spend = {"day": "2026-11-01", "channel": "Email", "cost": 1}
    answer = send({"type": "spend.recorded", "properties": spend, "context": {"ip": "192.0.2.7"}})

    assert answer["accepted"] == 1
    with as_tenant(acme):
        [(_, subject, sealed, _)] = stored()
    assert (subject, sealed) == ("", None)


def test_nothing_is_sealed_for_who_said_no_to_analytics(acme, send, as_tenant):
    send(
        {
            "type": "consent.changed",
            "anonymous_id": "ada",
            "properties": {"purposes": {"analytics": False}},
        }
    )
    send({"type": "conversion.recorded", "anonymous_id": "ada", "context": {"ip": "192.0.2.7"}})

    with as_tenant(acme):
        assert stored()[-1][2] is None


def test_two_tenants_pseudonyms_cant_be_joined(acme, rival, send, rival_key, as_tenant):
    send(ADA)
    send(ADA, key=rival_key)

    with as_tenant(acme):
        [(_, mine, _, my_row)] = stored()
    with as_tenant(rival):
        [(_, other, _, other_row)] = stored()
    assert mine != other
    texts = {word for word in my_row.replace('"', " ").split() if len(word) == 32}
    assert not [word for word in texts if word in other_row]
