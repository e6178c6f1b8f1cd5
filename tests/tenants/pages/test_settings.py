"""Keys and team as their owner uses them, and as those see them who may not."""

import re

import pytest

from ingest.auth import authenticate
from tenants import queries
from tenants.contracts import PERMISSIONS, Permission, Role
from tenants.keys import InvalidKey
from tenants.models import Membership, User
from tests.conftest import client_of


@pytest.fixture
def bob(acme):
    """An analyst of acme."""
    from kernel import clock

    user = User.objects.create_user(email="bob@example.com", password="x", name="Bob")
    return Membership.objects.create(
        tenant=acme, user=user, role=Role.ANALYST, created_at=clock.now()
    )


def key_in(answer) -> str:
    return re.search(r"ts_\w{8}_\w{32}", answer.content.decode()).group()


def test_a_new_key_is_shown_once_with_a_line_to_try(acme_owner_client):
    assert b"Send your first event" in acme_owner_client.get("/settings/keys/").content

    answer = acme_owner_client.post("/settings/keys/", {"name": "Site", "scopes": ["ingest"]})

    text = key_in(answer)
    assert authenticate(text, "ingest").slug == "acme"
    assert answer["Cache-Control"].count("no-store")
    assert f"Bearer {text}" in answer.content.decode()
    assert text not in acme_owner_client.get("/settings/keys/").content.decode()


@pytest.mark.parametrize(
    "bad", [{"name": "x"}, {"scopes": ["ingest"]}, {"name": "x", "scopes": "?"}]
)
def test_a_bad_key_is_not_made(acme, acme_owner_client, bad):
    answer = acme_owner_client.post("/settings/keys/", bad)

    assert answer.status_code == 200
    assert b"error" in answer.content
    assert queries.keys(acme) == ()


def test_a_key_is_rotated_and_revoked(acme, acme_owner_client, acme_key):
    old = queries.keys(acme)[0]
    new = key_in(acme_owner_client.post(f"/settings/keys/{old.id}/rotate/"))
    with pytest.raises(InvalidKey):
        authenticate(acme_key, "read")
    assert authenticate(new, "read").slug == "acme"

    answer = acme_owner_client.post(f"/settings/keys/{queries.keys(acme)[0].id}/revoke/")

    assert answer["Location"] == "/settings/keys/"
    with pytest.raises(InvalidKey):
        authenticate(new, "read")


@pytest.mark.parametrize("page", ["keys", "team"])
def test_the_tables_come_as_csv(acme_owner_client, acme_key, page):
    answer = acme_owner_client.get(f"/settings/{page}/?format=csv")

    assert answer["Content-Type"].startswith("text/csv")
    assert len(b"".join(answer).splitlines()) == 2


def test_a_join_link_is_made_and_withdrawn(acme, acme_owner_client):
    answer = acme_owner_client.post("/settings/team/", {"role": "auditor", "email": ""})
    assert re.search(r"http://localhost/join/[\w-]{32}/", answer.content.decode())

    from kernel import clock

    (made,) = queries.invitations(acme, now=clock.now())
    acme_owner_client.post(f"/settings/team/links/{made.id}/withdraw/")
    assert queries.invitations(acme, now=clock.now()) == ()


def test_a_member_is_not_invited_again(acme_owner_client, bob):
    answer = acme_owner_client.post(
        "/settings/team/", {"role": "owner", "email": "bob@example.com"}
    )
    assert b"a member already" in answer.content


def test_a_role_is_changed_and_a_member_removed(acme, acme_owner_client, bob):
    acme_owner_client.post(f"/settings/team/{bob.pk}/role/", {"role": "executive"})
    assert queries.organisation(bob.user, "acme").role == Role.EXECUTIVE

    his = client_of(acme, bob.user)
    acme_owner_client.post(f"/settings/team/{bob.pk}/remove/")

    assert queries.organisations(bob.user) == ()
    assert his.get("/settings/team/").status_code in {302, 404}


def test_the_last_owner_is_not_removed(acme, acme_owner_client):
    owner = acme.memberships.get()

    answer = acme_owner_client.post(f"/settings/team/{owner.pk}/remove/")

    assert answer.status_code == 409
    assert acme.memberships.count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_only_who_may_sees_the_settings(acme, bob, role):
    Membership.objects.filter(pk=bob.pk).update(role=role)
    his = client_of(acme, bob.user)

    for page, needed in (("keys", Permission.MANAGE_KEYS), ("team", Permission.MANAGE_TEAM)):
        assert needed not in PERMISSIONS[role]
        assert his.get(f"/settings/{page}/").status_code == 403
        assert his.post(f"/settings/{page}/", {"name": "x", "scopes": ["admin"]}).status_code == 403
    assert queries.keys(acme) == ()
