"""Founding, team and keys: what must always hold, and that each act is in the log."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.db import connection

from eventlog import catalogue, read
from ingest.auth import authenticate
from kernel.errors import InvalidInput, NotFound
from tenants import acts, commands, keys, links, provisioning, queries
from tenants.contracts import Kind, Role, Scope
from tenants.keys import InvalidKey, MissingScope
from tenants.models import Membership, Tenant, User
from tenants.rules import BadSlug

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def bob(db):
    """Somebody with an account and no membership."""
    return User.objects.create_user(email="bob@example.com", password="x", name="Bob")


@pytest.fixture
def member(acme, acme_owner, bob):
    """Bob as an analyst of acme."""
    token = commands.invite(tenant=acme, actor=acme_owner, email="", role=Role.ANALYST, now=NOW)
    commands.join(token=token, user=bob, now=NOW)
    return Membership.objects.get(tenant=acme, user=bob)


@pytest.fixture
def logged(as_tenant):
    """The acts in a tenant's log, newest first, as (type, body)."""

    def of(tenant):
        with as_tenant(tenant):
            return [(each.type, catalogue.decode(each)) for each in read.latest(limit=50)]

    return of


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Found tenants outside a transaction; they are gone afterwards."""
    founded = []

    def committed_tenant(slug, **changes):
        founder = User.objects.create_user(email=f"{slug}@example.com", password="x")
        founded.append((found(founder, slug=slug, **changes), founder))
        return founded[-1][0]

    with django_db_blocker.unblock():
        yield committed_tenant
        connection.set_schema_to_public()
        for tenant, founder in founded:
            with provisioning.as_owner(), connection.cursor() as cursor:
                cursor.execute(f'DROP SCHEMA IF EXISTS "{tenant.schema_name}" CASCADE')
            tenant.delete()
            founder.delete()


def issue(acme, acme_owner, *scopes):
    return commands.issue_key(
        tenant=acme, actor=acme_owner, name="site", scopes=scopes or (Scope.INGEST,), now=NOW
    )


def found(founder, slug="newcomer", **changes):
    fields = {"name": "New", "slug": slug, "kind": Kind.ADVERTISER, "currency": "EUR", "now": NOW}
    return commands.found_tenant(founder=founder, **{**fields, **changes})


def test_it_founds_a_tenant_that_is_not_open_yet(bob):
    found(bob)

    assert [(o.slug, o.role, o.ready) for o in queries.organisations(bob)] == [
        ("newcomer", Role.OWNER, False)
    ]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"slug": "acme"}, commands.SlugTaken),
        ({"slug": "api"}, BadSlug),
        ({"currency": "XXX"}, InvalidInput),
    ],
)
def test_it_refuses_a_tenant_that_cannot_be(acme, bob, changes, error):
    with pytest.raises(error):
        found(bob, **changes)
    assert queries.organisations(bob) == ()


def test_it_knows_what_is_wrong_with_an_address(acme):
    assert queries.slug_problem("acme") == "Another organisation has this address."
    assert "reserved" in queries.slug_problem("www")
    assert queries.slug_problem("still-free") == ""


@pytest.mark.parametrize("half_way", [False, True], ids=["at once", "after a crash half way"])
def test_it_opens_a_tenant_and_again_changes_nothing(committed, logged, half_way):
    tenant = committed(f"opened{int(half_way)}", kind=Kind.REGULATOR)
    if half_way:
        with provisioning.as_owner(), connection.cursor() as cursor:
            cursor.execute(f'CREATE SCHEMA "{tenant.schema_name}"')

    opened = commands.open_tenant(slug=tenant.slug, now=NOW)
    again = commands.open_tenant(slug=tenant.slug, now=NOW + timedelta(days=1))

    assert opened.provisioned_at == again.provisioned_at == NOW
    assert [name for name, _ in logged(opened)] == ["tenant.member_added"]


def test_a_join_link_makes_a_member_once(acme, acme_owner, bob, logged):
    token = commands.invite(tenant=acme, actor=acme_owner, email="", role=Role.MARKETER, now=NOW)

    commands.join(token=token, user=bob, now=NOW + timedelta(days=6))

    assert queries.organisation(bob, "acme").role == Role.MARKETER
    with pytest.raises(links.LinkUnusable):
        commands.join(token=token, user=acme_owner, now=NOW)
    assert [name for name, _ in logged(acme)] == ["tenant.member_added", "tenant.invited"]
    body = logged(acme)[0][1]
    assert body.member == acts.pseudonym(acme, bob)
    assert b"bob" not in msgspec.json.encode(body)


def test_a_join_link_ends(acme, acme_owner, bob):
    def made(email=""):
        return commands.invite(
            tenant=acme, actor=acme_owner, email=email, role=Role.ANALYST, now=NOW
        )

    late, withdrawn, others = made(), made(), made("eve@example.com")
    number = queries.invitations(acme, now=NOW)[1].id
    commands.withdraw_invitation(tenant=acme, actor=acme_owner, invitation_id=number, now=NOW)

    for token, now in [
        (late, NOW + timedelta(days=8)),
        (withdrawn, NOW),
        (others, NOW),
        ("\ud800", NOW),
        ("", NOW),
    ]:
        with pytest.raises(links.LinkUnusable):
            commands.join(token=token, user=bob, now=now)
    with pytest.raises(NotFound):
        commands.withdraw_invitation(tenant=acme, actor=acme_owner, invitation_id=number, now=NOW)


def test_it_invites_no_member_again(acme, acme_owner, member, bob):
    with pytest.raises(commands.AlreadyMember):
        commands.invite(tenant=acme, actor=acme_owner, email=bob.email, role=Role.OWNER, now=NOW)
    token = commands.invite(tenant=acme, actor=acme_owner, email="", role=Role.OWNER, now=NOW)
    with pytest.raises(commands.AlreadyMember):
        commands.join(token=token, user=bob, now=NOW)


def test_it_changes_a_role(acme, acme_owner, member, logged):
    change = {"tenant": acme, "actor": acme_owner, "member_id": member.pk, "now": NOW}

    commands.change_role(**change, role=Role.AUDITOR)
    commands.change_role(**change, role=Role.AUDITOR)

    assert {m.role for m in queries.members(acme)} == {Role.OWNER, Role.AUDITOR}
    (name, body), following = logged(acme)[:2]
    assert (name, body.previous, body.role) == ("tenant.role_changed", "analyst", "auditor")
    assert following[0] == "tenant.member_added"


def test_the_last_owner_stays(acme, acme_owner, member):
    owner = acme.memberships.get(user=acme_owner)
    act = {"tenant": acme, "actor": acme_owner, "now": NOW}

    with pytest.raises(commands.LastOwner):
        commands.remove_member(**act, member_id=owner.pk)
    with pytest.raises(commands.LastOwner):
        commands.change_role(**act, member_id=owner.pk, role=Role.ANALYST)

    commands.change_role(**act, member_id=member.pk, role=Role.OWNER)
    commands.remove_member(**act, member_id=owner.pk)
    assert queries.organisations(acme_owner) == ()


def test_it_reaches_no_other_tenants_members_and_keys(acme, acme_owner, acme_key, rival, logged):
    rivals = rival.memberships.get()
    key = queries.keys(acme)[0]
    act = {"tenant": rival, "actor": rivals.user, "now": NOW}

    for attempt in (
        lambda: commands.remove_member(**act, member_id=acme.memberships.get().pk),
        lambda: commands.change_role(
            **act, member_id=acme.memberships.get().pk, role=Role.OPERATOR
        ),
        lambda: commands.rotate_key(**act, key_id=key.id),
        lambda: commands.revoke_key(**act, key_id=key.id),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert logged(acme) == logged(rival) == []
    with pytest.raises(NotFound):
        queries.organisation(acme_owner, "rival")


def test_a_key_works_for_its_scopes_until_it_is_rotated_or_revoked(acme, acme_owner, logged):
    first = issue(acme, acme_owner, Scope.INGEST)
    assert authenticate(first.text, "ingest").slug == "acme"
    with pytest.raises(MissingScope):
        authenticate(first.text, "read")

    second = commands.rotate_key(tenant=acme, actor=acme_owner, key_id=first.id, now=NOW)
    with pytest.raises(InvalidKey):
        authenticate(first.text, "ingest")
    assert authenticate(second.text, "ingest").slug == "acme"

    for _ in range(2):
        commands.revoke_key(tenant=acme, actor=acme_owner, key_id=second.id, now=NOW)
    with pytest.raises(InvalidKey):
        authenticate(second.text, "ingest")
    assert [name for name, _ in logged(acme)] == [
        "tenant.key_revoked",
        "tenant.key_rotated",
        "tenant.key_issued",
    ]
    assert [key.revoked_at for key in queries.keys(acme)] == [NOW, NOW]


def test_the_admin_scope_includes_the_others(acme, acme_owner):
    text = issue(acme, acme_owner, Scope.ADMIN).text
    assert authenticate(text, "ingest").scopes == authenticate(text, "read").scopes == {"admin"}


def test_a_key_needs_a_scope(acme, acme_owner):
    with pytest.raises(commands.NoScope):
        commands.issue_key(tenant=acme, actor=acme_owner, name="x", scopes=(), now=NOW)


def test_it_notes_when_a_key_was_used(acme, acme_owner):
    text = issue(acme, acme_owner).text
    assert queries.keys(acme)[0].last_used_at is None
    authenticate(text, "ingest")
    assert queries.keys(acme)[0].last_used_at is not None


@pytest.mark.parametrize(
    "text", ["", "ts_", "ts_abcdefgh_" + "x" * 32, "ts_abcdefgh_" + "x" * 32 + "\n", "é" * 44]
)
def test_an_invented_key_is_refused(db, text):
    with pytest.raises(InvalidKey):
        authenticate(text, "ingest")


def test_a_tenant_that_is_not_open_has_no_keys_that_work(bob):
    tenant = found(bob)
    text = keys.issue(tenant=tenant, name="", scopes=(Scope.READ,), created_by="", now=NOW).text
    with pytest.raises(InvalidKey):
        authenticate(text, "read")
    assert Tenant.objects.get(pk=tenant.pk).provisioned_at is None


def test_it_tells_a_key_s_tenant_as_it_is_now(acme, acme_key):
    text = acme_key
    assert authenticate(text, "ingest").tenant.currency == acme.currency
    acme.currency = "CHF"
    acme.save()
    assert authenticate(text, "ingest").tenant.currency == "CHF"
