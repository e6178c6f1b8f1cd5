import json

import pytest
from django.test import Client

from eventlog import read
from tenants.privacy import policy
from tenants.privacy.contracts import Purpose

PAGE = "/settings/privacy/policy/"
OPEN = {"analytics": "True", "marketing": "True", "personalisation": "True"}


def told(acme, as_tenant):
    with as_tenant(acme):
        events = [e for e in read.latest(limit=20) if e.type == "privacy.policy_changed"]
    return [json.loads(event.payload) for event in events]


def test_a_decision_holds_and_is_told(acme, acme_owner_client, as_tenant):
    acme_owner_client.post(PAGE, {"retention_days": "395", **OPEN, "marketing": "False"})

    with as_tenant(acme):
        held = policy.current()
    assert held.retention_days == 395
    assert held.defaults[Purpose.ANALYTICS]
    assert not held.defaults[Purpose.MARKETING]
    [body] = told(acme, as_tenant)
    assert body["retention_days"] == 395


def test_the_same_decision_is_told_once(acme, acme_owner_client, as_tenant):
    for _ in range(2):
        acme_owner_client.post(PAGE, {"retention_days": "395", **OPEN})

    assert len(told(acme, as_tenant)) == 1


@pytest.mark.parametrize("days", ["7", "0", "-1", "99999", "x"])
def test_it_says_what_is_wrong(acme, acme_owner_client, as_tenant, days):
    answer = acme_owner_client.post(PAGE, {"retention_days": days, **OPEN})

    assert b'role="alert"' in answer.content
    assert told(acme, as_tenant) == []


def test_a_person_who_said_nothing_is_taken_at_the_default(acme_owner_client, acme_key):
    acme_owner_client.post(PAGE, {"retention_days": "", **OPEN, "analytics": "False"})

    def send(*events):
        return Client().post(
            "/api/v1/events", {"events": list(events)}, content_type="application/json",
            headers={"authorization": f"Bearer {acme_key}"},
        ).json()  # fmt: skip

    page = {"type": "web.page", "anonymous_id": "ada"}
    yes = {"type": "consent.changed", "anonymous_id": "ada",
           "properties": {"purposes": {"analytics": True}}}  # fmt: skip
    assert [each["code"] for each in send(page)["rejected"]] == ["consent_denied"]
    assert send(yes, page)["rejected"] == []


def test_a_rivals_policy_is_its_own(acme_owner_client, rival, as_tenant):
    acme_owner_client.post(PAGE, {"retention_days": "395", **OPEN})

    with as_tenant(rival):
        assert policy.current().retention_days is None
