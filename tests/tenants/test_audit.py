"""The audit trail: every act, in words, found again, exported, and nobody else's."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tenants import acts, audit, commands, throttle
from tenants.contracts import ACT_LABELS, Role, Scope, SignedIn
from tenants.mail import outbox
from tenants.models import User
from tests.conftest import client_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def history(acme, acme_owner):
    """A key, an invitation and a member, on three days."""
    act = {"tenant": acme, "actor": acme_owner, "origin": "203.0.113.0/24"}
    commands.issue_key(**act, name="Site", scopes=(Scope.READ,), now=NOW - timedelta(days=2))
    token = commands.invite(**act, email="", role=Role.AUDITOR, now=NOW - timedelta(days=1))
    bob = User.objects.create_user(email="bob@example.com", password="x", name="Bob Builder")
    commands.join(token=token, user=bob, now=NOW)
    return bob


def trail(tenant, as_tenant, **sought):
    with as_tenant(tenant):
        return audit.trail(tenant, audit.Sought(**sought)).items


def test_it_says_who_did_what(acme, history, as_tenant):
    joined, invited, key = trail(acme, as_tenant)
    assert (joined.actor, joined.label) == ("Bob Builder", "Became a member")
    assert (key.actor, key.label, key.origin) == ("Olga", "Made an API key", "203.0.113.0/24")
    assert ("role", "auditor") in invited.details


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ({"type": "tenant.invited"}, 1),
        ({"words": "bob"}, 1),
        ({"words": "auditor"}, 2),
        ({"words": "100%_"}, 0),
        ({"start": NOW.date()}, 1),
        ({"end": NOW.date() - timedelta(days=1)}, 2),
        ({"start": NOW.date() - timedelta(days=1), "end": NOW.date() - timedelta(days=1)}, 1),
    ],
)
def test_it_is_searched(acme, history, as_tenant, sought, found):
    assert len(trail(acme, as_tenant, **sought)) == found


def test_it_has_pages(acme, history, as_tenant):
    with as_tenant(acme):
        first = audit.trail(acme, audit.Sought(), limit=2)
        second = audit.trail(acme, audit.Sought(), limit=2, cursor=first.next_cursor)
    assert [len(first.items), len(second.items)] == [2, 1]
    assert second.next_cursor is None
    assert not {each.id for each in first.items} & {each.id for each in second.items}


def test_events_that_were_sent_are_no_acts(acme, acme_key, history, as_tenant):
    Client().post(
        "/api/v1/events",
        {"events": [{"type": "custom.tracked", "name": "x", "anonymous_id": "x"}]},
        content_type="application/json",
        headers={"authorization": f"Bearer {acme_key}"},
    )
    assert len(trail(acme, as_tenant)) == 3


def test_who_left_has_no_name(acme, acme_owner, history, as_tenant):
    acme.memberships.filter(user=history).delete()
    assert trail(acme, as_tenant)[0].actor.startswith("former member ")


def test_a_rival_sees_nothing(rival, history, as_tenant):
    assert trail(rival, as_tenant) == []


def test_a_download_is_an_act(acme, acme_owner_client, as_tenant):
    acme_owner_client.get("/settings/team/?format=csv")
    (act,) = trail(acme, as_tenant)
    assert act.label == "Downloaded a file"
    assert dict(act.details) == {"page": "team", "file": "team.csv"}


def test_the_page_shows_and_exports_it(acme_owner_client, history):
    page = acme_owner_client.get("/settings/audit/?q=bob")
    assert b"Bob Builder" in page.content
    answer = acme_owner_client.get("/settings/audit/?format=csv")
    assert len(answer.content.splitlines()) == 4
    assert b"No act fits" in acme_owner_client.get("/settings/audit/?q=nothing+like+it").content
    assert acme_owner_client.get("/settings/audit/?from=x").status_code == 400
    assert acme_owner_client.get("/settings/audit/?cursor=x").status_code == 400


def test_an_act_with_a_key_is_recorded_once(acme, as_tenant):
    for _ in range(2):
        acts.record(
            acme, SignedIn(actor="a" * 32, device="x", second_factor=False), now=NOW, key="k"
        )
    assert len(trail(acme, as_tenant)) == 1


def test_a_burst_of_failed_log_ins_is_an_act_and_a_letter(acme, acme_owner, as_tenant, sink):
    client = Client(HTTP_HOST="localhost")
    for _ in range(throttle.ACCOUNT_LIMIT + 2):
        client.post("/login/", {"username": acme_owner.email, "password": "wrong"})
    from kernel import clock

    outbox.deliver(now=clock.now())
    assert [each.type for each in trail(acme, as_tenant)] == ["tenant.sign_ins_failed"]
    assert len(sink.letters) == 1
    assert sink.letters[0]["To"] == acme_owner.email


def test_failures_for_nobody_are_nobodys(db, sink):
    client = Client(HTTP_HOST="localhost")
    for _ in range(throttle.ACCOUNT_LIMIT):
        client.post("/login/", {"username": "nobody@example.com", "password": "wrong"})
    from kernel import clock

    assert outbox.deliver(now=clock.now()) == 0


def test_every_act_has_a_name():
    from eventlog import catalogue

    named = {name for name, _, _ in catalogue.all_types() if name.startswith("tenant.")}
    assert named == {name for name in ACT_LABELS if name.startswith("tenant.")}


def test_only_owners_and_auditors_see_it(acme, history):
    his = client_of(acme, history)
    assert his.get("/settings/audit/").status_code == 200
    acme.memberships.filter(user=history).update(role=Role.ANALYST)
    assert his.get("/settings/audit/").status_code == 403
