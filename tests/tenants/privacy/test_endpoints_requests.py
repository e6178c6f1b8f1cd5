"""Requests and the policy over the API: the same as on the pages, with a key."""

import uuid

import pytest
from django.test import Client

from attribution import handlers
from attribution.models import Profile, ProfileMember
from kernel.ids import pseudonym
from tests.attribution.stories import click, purchase
from tests.conftest import _key
from tests.sending import post_events

PATH = "/api/v1/privacy/requests"
POLICY = "/api/v1/privacy/policy"
OPEN = {"analytics": True, "marketing": True, "personalisation": True}
ADA = {
    "type": "custom.tracked", "name": "x", "anonymous_id": "ada",
    "properties": {"email": "ada@x.example"},
}  # fmt: skip


@pytest.fixture
def admin(acme):
    """Ask with a key that may administer."""
    return asking(_key(acme, "admin"))


def asking(key):
    client, headers = Client(), {"authorization": f"Bearer {key}"}

    def ask(method, path, body=None):
        return getattr(client, method)(path, body, content_type="application/json", headers=headers)

    return ask


def take(admin, kind="access", **more):
    sent = {"kind": kind, "id_kind": "anonymous", "value": "ada", "reference": "HD-1", **more}
    return admin("post", PATH, sent)


def test_a_request_is_taken_listed_and_answered(acme, admin):
    made = take(admin)

    assert made.status_code == 201
    found = made.json()
    assert found["subject"] == pseudonym(bytes(acme.secret), "a", "ada")
    assert [each["step"] for each in found["steps"]] == ["received"]
    assert [each["id"] for each in admin("get", PATH).json()["requests"]] == [found["id"]]

    one = f"{PATH}/{found['id']}"
    steps = admin("post", f"{one}/steps", {"step": "completed"}).json()
    assert steps["state"] == "completed"
    assert admin("get", one).json() == steps
    again = admin("post", f"{one}/steps", {"step": "completed"})
    assert (again.status_code, again.json()["code"]) == (409, "request_closed")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "wish"}, {"id_kind": "mail"}, {"value": ""}, {"received_on": "2199-01-01"},
        {"received_on": "0001-01-01"}, {"reference": "Ada Lovelace"},
    ],
)  # fmt: skip
def test_what_can_t_be_taken_is_said(admin, wrong):
    answer = take(admin, **wrong)

    assert answer.status_code == 400
    assert answer.json()["code"]
    assert admin("get", PATH).json()["requests"] == []


def test_refusing_needs_a_reason(admin):
    one = f"{PATH}/{take(admin).json()['id']}"
    assert admin("post", f"{one}/steps", {"step": "refused"}).status_code == 400
    answer = admin("post", f"{one}/steps", {"step": "refused", "reason": "unfounded"})
    assert answer.json()["state"] == "refused"


def test_the_data_holds_events_journeys_and_profiles(acme, admin, acme_key, as_tenant):
    assert post_events(acme_key, ADA)["accepted"] == 1
    subject = pseudonym(bytes(acme.secret), "a", "ada")
    with as_tenant(acme):
        handlers.handle([click(1, subject, 1, "Email"), purchase(2, subject, 2)])
        Profile.objects.create(number=1, name="Deal Hunter", rank=0, people=1, details={})
        ProfileMember.objects.create(person=subject, profile=1, sure=0.9)

    found = admin("post", f"{PATH}/{take(admin).json()['id']}/data").json()

    assert [each["personal"] for each in found["events"]] != [{}]
    assert "ada@x.example" in str(found["events"])
    (journey,) = found["concluded"]["journeys"]
    assert (journey["outcome"], journey["touches"][0]["channel"]) == ("purchase", "Email")
    assert found["concluded"]["profiles"] == [{"profile": "Deal Hunter", "sure": 0.9}]


def test_the_policy_is_read_and_decided(admin):
    assert admin("get", POLICY).json() == {
        "retention_days": None, "defaults": OPEN, "last_expiry": None,
    }  # fmt: skip
    sent = {"retention_days": 400, "defaults": {**OPEN, "marketing": False}}
    assert admin("put", POLICY, sent).json() == {**sent, "last_expiry": None}
    assert admin("get", POLICY).json()["retention_days"] == 400
    assert admin("put", POLICY, {**sent, "retention_days": 3}).status_code == 400


def test_a_rival_and_a_lesser_key_see_nothing(admin, rival, acme_key):
    one = f"{PATH}/{take(admin).json()['id']}"
    foreign = asking(_key(rival, "admin"))
    assert foreign("get", one).status_code == 404
    assert foreign("post", f"{one}/data").status_code == 404
    assert foreign("post", f"{one}/steps", {"step": "completed"}).status_code == 404
    assert foreign("get", PATH).json()["requests"] == []
    assert admin("get", f"{PATH}/{uuid.uuid4()}").status_code == 404
    assert asking(acme_key)("get", PATH).status_code == 403
