"""The channel of an arrival, from the collector to the touchpoint."""

import json

from django.test import Client

from attribution.models import Name, Touchpoint
from eventlog import read, subscriptions
from kernel import clock
from tests.eventlog.events import settle


def send(key, *events):
    now = clock.now().isoformat()
    answer = Client().post(
        "/api/v1/events",
        json.dumps(
            {"events": [{"timestamp": now, "anonymous_id": "ann", **each} for each in events]}
        ),
        content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 200, answer.content
    return answer.json()


def page(url, referrer=None, **more):
    return {"type": "web.page", "context": {"page": {"url": url, "referrer": referrer}}, **more}


def touches(tenant, as_tenant):
    with as_tenant(tenant):
        return [json.loads(each.payload).get("touch") for each in reversed(read.latest(limit=9))]


def test_it_records_the_channel_and_the_rule_but_no_click_id(acme, acme_key, as_tenant):
    send(acme_key, page("https://shop.example/?utm_source=google&utm_medium=cpc&gclid=secret7"))
    (touch,) = touches(acme, as_tenant)
    assert touch == {
        "channel": "Paid Search",
        "source": "google",
        "medium": "cpc",
        "click_id": "gclid",
        "rule": "paid-search",
    }
    with as_tenant(acme):
        assert "secret7" not in json.loads(read.latest(limit=1)[0].payload)["touch"].values()


def test_it_writes_no_address_of_a_person_into_the_touch(acme, acme_key, as_tenant):
    send(acme_key, page("https://shop.example/?utm_source=x&utm_content=jane%40mail.example"))
    with as_tenant(acme):
        assert "jane" not in read.latest(limit=1)[0].payload


def test_it_takes_no_click_within_the_site_for_a_touch(acme, acme_key, as_tenant):
    send(acme_key, page("https://shop.example/b", "https://shop.example/a"))
    assert touches(acme, as_tenant) == [None]


def test_it_keeps_the_touch_the_sender_names(acme, acme_key, as_tenant):
    given = {"channel": "Television", "campaign": "spot-3"}
    send(acme_key, {"type": "ad.impression", "properties": {"touch": given}})
    assert touches(acme, as_tenant) == [given]


def test_it_takes_no_advertisement_for_a_direct_visit(acme, acme_key, as_tenant):
    send(acme_key, {"type": "ad.click"})
    assert touches(acme, as_tenant) == [{"channel": "Unassigned", "rule": "nothing-known"}]


def test_it_reads_the_campaign_the_sender_read(acme, acme_key, as_tenant):
    campaign = {"source": "newsletter", "medium": "email", "name": "may"}
    send(acme_key, {"type": "app.screen", "name": "Home", "context": {"campaign": campaign}})
    send(acme_key, {"type": "app.screen", "name": "Home"})
    first, second = touches(acme, as_tenant)
    assert (first["channel"], first["campaign"], second) == ("Email", "may", None)


def test_it_becomes_a_touchpoint(committed_tenant, committed_key, as_tenant):
    send(committed_key, page("https://shop.example/?utm_source=facebook&utm_medium=paid_social"))
    with as_tenant(committed_tenant):
        settle()
        subscriptions.catch_up("attribution")
        touchpoint = Touchpoint.objects.get()
        assert Name.objects.get(pk=touchpoint.channel).label == "Paid Social"
