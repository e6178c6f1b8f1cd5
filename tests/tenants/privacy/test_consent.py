"""Consent in the whole pipeline, told as requests: what a person said no to is not processed."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from eventlog import read
from eventlog.catalogue import decode
from kernel.ids import pseudonym
from tests.sending import post_events

NOW = datetime.now(UTC).replace(microsecond=0)
AD = "https://shop.example/?utm_source=google&utm_medium=cpc&utm_campaign=brand"


@pytest.fixture
def send(acme_key):
    """Post native events; answers the response's document."""

    def post(*events, key=acme_key):
        return post_events(key, *events)

    return post


def says(who="ada", at=NOW, **purposes):
    """A decision of ``who``."""
    return {
        "type": "consent.changed",
        "anonymous_id": who,
        "timestamp": at.isoformat(),
        "properties": {"purposes": purposes},
    }


def visit(who="ada", **more):
    """A visit by an advertisement."""
    return {
        "type": "web.page",
        "anonymous_id": who,
        "context": {"page": {"url": AD, "referrer": "https://www.google.com/search?q=x"}},
        **more,
    }


def purchase(who="ada"):
    """An order of ``who``."""
    return {"type": "conversion.recorded", "anonymous_id": who, "properties": {"value": 5}}


def codes(document):
    return [each["code"] for each in document["rejected"]]


@pytest.fixture
def log(acme, as_tenant):
    """What acme's log holds of a type, newest first: (subject, body)."""

    def of(kind):
        with as_tenant(acme):
            events = read.latest(limit=50)
        return [(e.subject, json.loads(e.payload)) for e in events if e.type == kind]

    return of


def test_it_processes_everything_of_who_said_nothing(send, log):
    send(visit(), purchase())

    [(_, page)] = log("web.page")
    assert page["touch"]["campaign"] == "brand"


def test_it_turns_views_away_after_a_no_to_analytics(send):
    send(says(analytics=False))

    assert codes(send(visit(), visit("bob"))) == ["consent_denied"]


def test_it_counts_an_order_for_nobody_after_a_no_to_analytics(acme, send, log):
    send(says(analytics=False))

    assert codes(send(purchase(), purchase())) == []

    ada = pseudonym(bytes(acme.secret), "a", "ada")
    subjects = [subject for subject, _ in log("conversion.recorded")]
    assert len(set(subjects)) == 2
    assert ada not in subjects


def test_it_keeps_no_touch_after_a_no_to_marketing(send, log):
    send(says(marketing=False))

    assert codes(send(visit(), {"type": "ad.click", "anonymous_id": "ada"})) == ["consent_denied"]

    [(_, page)] = log("web.page")
    assert "touch" not in page
    assert page["page"] == {"url": "https://shop.example/", "referrer": "https://www.google.com/"}


def test_it_keeps_no_traits_after_a_no_to_personalisation(send, log):
    send(says(personalisation=False))

    send({"type": "user.identified", "anonymous_id": "ada", "traits": {"plan": "gold"}})

    [(_, body)] = log("user.identified")
    assert "traits" not in body


def test_a_later_yes_holds_whatever_the_order_of_arrival(send):
    send(says(analytics=True, at=NOW - timedelta(hours=1)))
    send(says(analytics=False, at=NOW - timedelta(hours=2)))

    assert codes(send(visit())) == []


def test_a_no_holds_for_what_follows_it_in_the_same_batch(send):
    assert codes(send(visit(), says(analytics=False), visit())) == ["consent_denied"]


def test_a_no_of_the_user_holds_on_another_device(send):
    send({**says(analytics=False), "user_id": "u1"})

    assert codes(send({**visit("phone"), "user_id": "u1"})) == ["consent_denied"]


def test_an_events_own_context_holds_for_it_alone(send):
    context = {"consent": {"categoryPreferences": {"Analytics": False}}}

    assert codes(send(visit(context=context), visit())) == ["consent_denied"]


def test_an_events_own_yes_is_recorded(send, log):
    context = {"consent": {"categoryPreferences": {"Analytics": True, "Advertising": False}}}

    send(visit(context=context))

    [(_, body)] = log("web.page")
    assert body["consent"] == {"analytics": True, "marketing": False}


def test_it_takes_segments_own_decision(acme_key, log, send):
    message = {
        "type": "track",
        "event": "Segment Consent Preference Updated",
        "anonymousId": "ada",
        "messageId": "m1",
        "context": {"consent": {"categoryPreferences": {"Advertising": False}}},
    }
    answer = Client().post(
        "/v1/batch",
        {"batch": [message]},
        content_type="application/json",
        headers={"authorization": f"Bearer {acme_key}"},
    )

    assert answer.json() == {"success": True, "rejected": []}
    [(_, body)] = log("consent.changed")
    assert body["purposes"] == {"marketing": False}
    assert codes(send({"type": "ad.click", "anonymous_id": "ada"})) == ["consent_denied"]


@pytest.mark.parametrize(
    ("purposes", "code"),
    [
        ({}, "missing_field"),
        ({"world-peace": True}, "unknown_purpose"),
        ({"marketing": "no"}, "wrong_type"),
        ({"marketing": None}, "wrong_type"),
    ],
)
def test_it_turns_an_unreadable_decision_away(send, purposes, code):
    assert codes(send(says(**purposes))) == [code]


def test_a_rivals_no_is_not_acmes(send, rival_key):
    send(says(analytics=False), key=rival_key)

    assert codes(send(visit())) == []


def test_who_said_no_to_analytics_leaves_no_device_with_an_order(acme, acme_key, as_tenant):
    context = {
        "ip": "81.2.69.142", "device": {"id": "D-77", "model": "FP5"},
        "consent": {"categoryPreferences": {"analytics": False}},
    }  # fmt: skip
    order = {"type": "conversion.recorded", "anonymous_id": "ann", "properties": {"value": 5}}

    assert post_events(acme_key, {**order, "context": context})["accepted"] == 1

    with as_tenant(acme):
        (stored,) = read.latest(limit=1)
    assert decode(stored).signals is None
    assert "signals" in decode(stored).__struct_fields__
