"""Writes: found a tenant, change its team and keys. Each act is also an event in its log.

Functions take ``now`` and who acts; who may act is decided by the pages and the API (permissions),
what must always hold (a tenant has an owner, a link works once) is decided here.
"""

import secrets
from datetime import datetime, timedelta

import psycopg
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from kernel.errors import DomainError, InvalidInput, NotFound
from tenants import acts, keys, links, provisioning, rules, throttle, usage
from tenants.contracts import (
    InvitationWithdrawn,
    Invited,
    IssuedKey,
    KeyIssued,
    KeyRevoked,
    KeyRotated,
    Kind,
    LetterKind,
    MemberAdded,
    MemberRemoved,
    Role,
    RoleChanged,
    Scope,
)
from tenants.mail import outbox
from tenants.models import ApiKey, Invitation, Membership, Tenant, User

JOIN_WITHIN = timedelta(days=7)


class SlugTaken(InvalidInput):
    """Another organisation has this address."""

    code = "slug_taken"
    http_status = 409
    title = "This address is taken"


class LastOwner(DomainError):
    """A tenant must keep an owner."""

    code = "last_owner"
    http_status = 409
    title = "The last owner stays"


class NoScope(InvalidInput):
    """A key that may do nothing is of no use."""

    code = "no_scope"


class AlreadyMember(InvalidInput):
    """The person is a member already."""

    code = "already_member"
    http_status = 409
    title = "Already a member"


class SeatsTaken(InvalidInput):
    """Members and open invitations fill the plan."""

    code = "seats_taken"
    http_status = 409
    title = "All seats are taken"


def found_tenant(
    *, founder: User, name: str, slug: str, kind: Kind, currency: str, now: datetime
) -> Tenant:
    """Claim the slug and make ``founder`` the owner; ``open_tenant`` makes the room.

    Raises ``BadSlug``, ``SlugTaken`` or ``InvalidInput``.
    """
    rules.check_slug(slug)
    if currency not in rules.CURRENCIES:
        raise InvalidInput(f"{currency} is not a currency offered here.", field="currency")
    try:
        with transaction.atomic():
            tenant: Tenant = Tenant.objects.create(
                slug=slug,
                name=name.strip(),
                kind=kind,
                currency=currency,
                schema_name=rules.schema_of(slug),
                created_at=now,
            )
            Membership.objects.create(tenant=tenant, user=founder, role=Role.OWNER, created_at=now)
    except (IntegrityError, ValidationError):  # the library looks before it writes
        raise SlugTaken("Another organisation has this address.", field="slug") from None
    return tenant


def open_tenant(*, slug: str, now: datetime) -> Tenant:
    """Make the tenant's schema and open it; repeatable after a crash, one at a time per tenant.

    Must be called outside a transaction: migrating takes the connection over. The founder's
    membership enters the log here, because before there was no log.
    """
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as lock:
        lock.execute("SELECT pg_advisory_lock(hashtext(%s))", [f"tenants.open:{slug}"])
        tenant = _tenant(slug)
        if tenant.provisioned_at is None:
            provisioning.make_room(tenant=tenant)
            with transaction.atomic():
                for member in tenant.memberships.select_related("user"):
                    who = acts.pseudonym(tenant, member.user)
                    act = MemberAdded(actor=who, member=who, role=member.role)
                    acts.record(tenant, act, now=now)
                provisioning.open_doors(tenant=tenant, now=now)
    return tenant


def _tenant(slug: str) -> Tenant:
    tenant: Tenant | None = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        raise NotFound("There is no such organisation.")
    return tenant


@transaction.atomic
def change_role(
    *, tenant: Tenant, actor: User, member_id: int, role: Role, now: datetime, origin: str = ""
) -> None:
    """Give a member another role. Raises ``NotFound`` or ``LastOwner``."""
    member = _member(tenant, member_id)
    if member.role == role:
        return
    _keep_an_owner(tenant, member)
    previous, member.role = member.role, role
    member.save(update_fields=["role"])
    act = RoleChanged(
        actor=acts.pseudonym(tenant, actor),
        member=acts.pseudonym(tenant, member.user),
        role=str(role),
        previous=previous,
    )
    acts.record(tenant, act, now=now, origin=origin)


@transaction.atomic
def remove_member(
    *, tenant: Tenant, actor: User, member_id: int, now: datetime, origin: str = ""
) -> None:
    """Take a member's access away, at once. Raises ``NotFound`` or ``LastOwner``."""
    member = _member(tenant, member_id)
    _keep_an_owner(tenant, member)
    act = MemberRemoved(
        actor=acts.pseudonym(tenant, actor),
        member=acts.pseudonym(tenant, member.user),
        role=member.role,
    )
    member.delete()
    acts.record(tenant, act, now=now, origin=origin)


def _member(tenant: Tenant, member_id: int) -> Membership:
    """The membership; the tenant stays locked, so two owners can't remove each other at once."""
    Tenant.objects.select_for_update().get(pk=tenant.pk)
    member = Membership.objects.select_related("user").filter(tenant=tenant, pk=member_id).first()
    if member is None:
        raise NotFound("There is no such member.")
    return member


def _keep_an_owner(tenant: Tenant, leaving: Membership) -> None:
    others = Membership.objects.filter(tenant=tenant, role=Role.OWNER).exclude(pk=leaving.pk)
    if leaving.role == Role.OWNER and not others.exists():
        raise LastOwner("Make somebody else an owner first.")


@transaction.atomic
def invite(
    *,
    tenant: Tenant,
    actor: User,
    email: str,
    role: Role,
    now: datetime,
    origin: str = "",
    letter_at: str = "",
) -> str:
    """Make a join link for ``role``; returns its token, which is kept nowhere in clear.

    With ``email`` only the person of that address may use it; with ``letter_at`` (the link's
    address, ``links.PLACE`` where the token goes) it is sent there. Works once, for seven days.
    """
    address = email.strip().lower()
    if address and Membership.objects.filter(tenant=tenant, user__email=address).exists():
        raise AlreadyMember("This person is a member already.", field="email")
    _keep_a_seat(tenant, now)
    token = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        tenant=tenant,
        email=address,
        role=role,
        digest=links.digest(token),
        created_at=now,
        created_by=actor.email,
        expires_at=now + JOIN_WITHIN,
    )
    act = Invited(actor=acts.pseudonym(tenant, actor), invitation=invitation.pk, role=str(role))
    acts.record(tenant, act, now=now, origin=origin)
    if address and letter_at:
        _send_invitation(invitation, actor, letter_at.replace(links.PLACE, token), now)
    return token


def _keep_a_seat(tenant: Tenant, now: datetime) -> None:
    """Members and open invitations must fit the plan; locked, so two can't take the last seat."""
    Tenant.objects.select_for_update().get(pk=tenant.pk)
    allowed = usage.plan_for(tenant).seats
    if usage.seats(tenant, now=now) >= allowed:
        raise SeatsTaken(f"The plan has {allowed} seats, and all are taken.")


def _send_invitation(invitation: Invitation, actor: User, link: str, now: datetime) -> None:
    content = {
        "to": invitation.email,
        "organisation": invitation.tenant.name,
        "inviter": actor.name or actor.email,
        "role": invitation.role,
        "link": link,
        "until": f"{invitation.expires_at:%-d %B %Y, %H:%M} UTC",
    }
    outbox.put(LetterKind.INVITATION, content, now=now, invitation=invitation)


def send_join_letter(
    *, token: str, email: str, letter_at: str, address: str, now: datetime
) -> None:
    """Send the holder of an open link the proof that ``email`` is theirs. Raises ``LinkUnusable``.

    ``letter_at`` has ``links.PLACE`` where the proof goes; too many are passed over in silence.
    """
    invitation = links.usable(token=token, now=now)
    who = {"email": email, "address": address, "purpose": "join"}
    if throttle.blocked(**who):
        return
    throttle.note_failure(**who)
    link = letter_at.replace(links.PLACE, links.claim(token=token, email=email))
    content = {"to": email, "organisation": invitation.tenant.name, "link": link}
    outbox.put(LetterKind.JOIN, content, now=now)


@transaction.atomic
def withdraw_invitation(
    *, tenant: Tenant, actor: User, invitation_id: int, now: datetime, origin: str = ""
) -> None:
    """Stop a join link that was not used yet. Raises ``NotFound``."""
    changed = Invitation.objects.filter(
        tenant=tenant, pk=invitation_id, used_at=None, withdrawn_at=None
    ).update(withdrawn_at=now)
    if not changed:
        raise NotFound("There is no such link, or it was used.")
    act = InvitationWithdrawn(actor=acts.pseudonym(tenant, actor), invitation=invitation_id)
    acts.record(tenant, act, now=now, origin=origin)


@transaction.atomic
def join(*, token: str, user: User, now: datetime, origin: str = "") -> Tenant:
    """Make ``user`` a member through a join link; the link is used up.

    Raises ``LinkUnusable`` or ``AlreadyMember``.
    """
    invitation = links.usable(token=token, now=now)
    if invitation.email and invitation.email != user.email:
        raise links.LinkUnusable("This link was made for another address.")
    tenant = invitation.tenant
    if Membership.objects.filter(tenant=tenant, user=user).exists():
        raise AlreadyMember(f"You are a member of {tenant.name} already.")
    used = Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=now)
    if not used:
        raise links.LinkUnusable("Somebody else has just used this link.")
    Membership.objects.create(tenant=tenant, user=user, role=invitation.role, created_at=now)
    who = acts.pseudonym(tenant, user)
    act = MemberAdded(actor=who, member=who, role=invitation.role)
    acts.record(tenant, act, now=now, origin=origin)
    return tenant


@transaction.atomic
def issue_key(
    *,
    tenant: Tenant,
    actor: User,
    name: str,
    scopes: tuple[Scope, ...],
    now: datetime,
    origin: str = "",
) -> IssuedKey:
    """Make an API key. Raises ``NoScope``."""
    if not scopes:
        raise NoScope("Choose at least one thing the key may do.", field="scopes")
    issued = keys.issue(tenant=tenant, name=name, scopes=scopes, created_by=actor.email, now=now)
    act = KeyIssued(
        actor=acts.pseudonym(tenant, actor),
        key=issued.prefix,
        scopes=tuple(str(scope) for scope in scopes),
    )
    acts.record(tenant, act, now=now, origin=origin)
    return issued


@transaction.atomic
def issue_feed_key(
    *, tenant: Tenant, actor: User, feed: str, name: str, now: datetime, origin: str = ""
) -> IssuedKey:
    """Make a key that can do one thing: write the feed ``feed``."""
    issued = keys.issue(
        tenant=tenant, name=name, scopes=(Scope.FEED,), created_by=actor.email, now=now, feed=feed
    )
    scopes = (f"{Scope.FEED}:{feed}",)
    act = KeyIssued(actor=acts.pseudonym(tenant, actor), key=issued.prefix, scopes=scopes)
    acts.record(tenant, act, now=now, origin=origin)
    return issued


@transaction.atomic
def rotate_key(
    *, tenant: Tenant, actor: User, key_id: int, now: datetime, origin: str = ""
) -> IssuedKey:
    """Replace a key; the old one stops at once. Raises ``NotFound``."""
    issued = keys.rotate(tenant=tenant, key_id=key_id, created_by=actor.email, now=now)
    old, new = ApiKey.objects.get(pk=key_id), ApiKey.objects.get(pk=issued.id)
    act = KeyRotated(
        actor=acts.pseudonym(tenant, actor),
        key=issued.prefix,
        previous=old.prefix,
        scopes=tuple(f"{each}:{new.feed}" if new.feed else each for each in new.scopes),
    )
    acts.record(tenant, act, now=now, origin=origin)
    return issued


@transaction.atomic
def revoke_key(
    *, tenant: Tenant, actor: User, key_id: int, now: datetime, origin: str = ""
) -> None:
    """Stop a key for good; repeating changes nothing. Raises ``NotFound``."""
    if not keys.revoke(tenant=tenant, key_id=key_id, now=now):
        return
    key = ApiKey.objects.get(pk=key_id)
    act = KeyRevoked(actor=acts.pseudonym(tenant, actor), key=key.prefix)
    acts.record(tenant, act, now=now, origin=origin)
