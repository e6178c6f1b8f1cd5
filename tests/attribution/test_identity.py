"""Identity, from what senders send to the journeys: histories join, the log stays as it is."""

import time

import pytest
from django.db import connection
from django.test import Client

from eventlog import subscriptions

SITE = "https://shop.example/"
DAY = "2026-11-{:02d}T10:00:00Z"


@pytest.fixture
def send(committed_tenant, committed_key):
    """Send Segment messages, then let the projection catch up."""

    def sent(*messages):
        answer = Client().post(
            "/v1/batch",
            {"batch": list(messages)},
            content_type="application/json",
            headers={"authorization": f"Bearer {committed_key}"},
        )
        assert answer.json() == {"success": True, "rejected": []}
        connection.set_tenant(committed_tenant)
        caught_up()

    return sent


@pytest.fixture
def journeys(committed_key):
    """What the API lists: (converted, path) of every journey, by person."""

    def listed():
        answer = Client().get(
            "/api/v1/journeys?from=2026-11-01&to=2026-11-30",
            headers={"authorization": f"Bearer {committed_key}"},
        )
        found = {}
        for each in answer.json()["journeys"]:
            found.setdefault(each["person"], []).append((each["converted"], each["path"]))
        return found

    return listed


def caught_up():
    """Apply what is in the log; other databases of the server may hold its horizon back a while."""
    deadline = time.monotonic() + 60
    while any(lag.events for lag in subscriptions.lags() if lag.name == "attribution"):
        if not subscriptions.advance("attribution", limit=100):
            assert time.monotonic() < deadline, "the projection does not catch up"
            time.sleep(0.05)


def visit(anonymous, day, source, medium):
    url = f"{SITE}?utm_source={source}&utm_medium={medium}"
    context = {"page": {"url": url}}
    return message("page", f"{anonymous}-{day}", day, anonymousId=anonymous, context=context)


def message(kind, number, day, **more):
    return {"type": kind, "messageId": f"{kind}-{number}", "timestamp": DAY.format(day), **more}


def order(day, **who):
    properties = {"revenue": 50, "order_id": f"o-{day}"}
    return message("track", day, day, event="Order Completed", properties=properties, **who)


def log():
    with connection.cursor() as cursor:
        cursor.execute("SELECT position, id, subject, payload::text, leaf FROM event ORDER BY 1")
        return [(*row[:4], bytes(row[4])) for row in cursor.fetchall()]


def test_devices_are_one_person_once_identified_and_the_log_stays(committed_tenant, send, journeys):
    send(visit("phone", 2, "google", "cpc"), visit("laptop", 4, "news", "email"))
    send(order(5, userId="u1"))
    assert sorted(journeys().values()) == [
        [(False, ["Email"])],
        [(False, ["Paid Search"])],
        [(True, [])],
    ]
    connection.set_tenant(committed_tenant)
    before = log()

    send(message("identify", 1, 6, anonymousId="phone", userId="u1"))
    send(message("identify", 2, 6, anonymousId="laptop", userId="u1"))

    (person,) = journeys().values()
    assert person == [(True, ["Paid Search", "Email"])]
    connection.set_tenant(committed_tenant)
    assert log()[: len(before)] == before


def test_an_alias_joins_what_an_earlier_id_did(send, journeys):
    send(visit("old-cookie", 2, "google", "cpc"), visit("other", 3, "news", "email"))
    send(order(5, userId="u2"))

    send(message("alias", 1, 6, userId="u2", previousId="old-cookie"))

    found = sorted(journeys().values())
    assert found == [[(False, ["Email"])], [(True, ["Paid Search"])]]


def test_the_order_of_the_news_leaves_no_trace(send, journeys):
    send(message("identify", 1, 1, anonymousId="phone", userId="u3"))
    send(order(5, anonymousId="laptop"))
    send(visit("phone", 2, "google", "cpc"))
    send(message("identify", 2, 6, anonymousId="laptop", userId="u3"))

    (person,) = journeys().values()
    assert person == [(True, ["Paid Search"])]
