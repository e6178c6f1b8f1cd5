"""Reads: whose tenants, which members, which keys. Answers are frozen dataclasses."""

from datetime import datetime

from kernel.errors import NotFound
from tenants import links, rules
from tenants.contracts import (
    Invitation,
    KeyView,
    Kind,
    Member,
    Offer,
    Organisation,
    Role,
    Scope,
)
from tenants.models import ApiKey, Membership, SecondFactor, Tenant, User
from tenants.models import Invitation as InvitationRow


def organisations(user: User) -> tuple[Organisation, ...]:
    """The tenants ``user`` is a member of, by name; those still being set up too."""
    rows = Membership.objects.select_related("tenant").filter(user=user)
    return tuple(_organisation(row) for row in rows.order_by("tenant__name", "pk"))


def organisation(user: User, slug: str) -> Organisation:
    """One of ``user``'s tenants; raises ``NotFound`` for others' and unknown ones alike."""
    row = Membership.objects.select_related("tenant").filter(user=user, tenant__slug=slug).first()
    if row is None:
        raise NotFound("There is no such organisation among yours.")
    return _organisation(row)


def _organisation(row: Membership) -> Organisation:
    return Organisation(
        slug=row.tenant.slug,
        name=row.tenant.name,
        kind=Kind(row.tenant.kind),
        role=Role(row.role),
        ready=row.tenant.provisioned_at is not None,
    )


def slug_problem(slug: str) -> str:
    """Why ``slug`` can't be taken, as a sentence; empty when it can."""
    try:
        rules.check_slug(slug)
    except rules.BadSlug as error:
        return error.detail
    taken = Tenant.objects.filter(slug=slug).exists()
    return "Another organisation has this address." if taken else ""


def members(tenant: Tenant) -> tuple[Member, ...]:
    """The tenant's members, the longest standing first."""
    rows = Membership.objects.select_related("user").filter(tenant=tenant)
    protected = set(
        SecondFactor.objects.filter(
            user__memberships__tenant=tenant, confirmed_at__isnull=False
        ).values_list("user_id", flat=True)
    )
    return tuple(
        Member(
            id=row.pk,
            email=row.user.email,
            name=row.user.name,
            role=Role(row.role),
            joined_at=row.created_at,
            last_login=row.user.last_login,
            second_factor=row.user_id in protected,
        )
        for row in rows.order_by("created_at", "pk")
    )


def invitations(tenant: Tenant, *, now: datetime) -> tuple[Invitation, ...]:
    """Join links that still work, the newest first."""
    rows = InvitationRow.objects.filter(
        tenant=tenant, used_at=None, withdrawn_at=None, expires_at__gt=now
    )
    return tuple(
        Invitation(
            id=row.pk,
            email=row.email,
            role=Role(row.role),
            created_at=row.created_at,
            expires_at=row.expires_at,
            created_by=row.created_by,
            letter=_fares(row),
        )
        for row in rows.prefetch_related("letters").order_by("-created_at", "-pk")
    )


def _fares(row: InvitationRow) -> str:
    letters = sorted(row.letters.all(), key=lambda letter: letter.pk)
    if not letters:
        return ""
    last = letters[-1]
    return "sent" if last.sent_at else last.failure or "waiting"


def offer(*, token: str, now: datetime) -> Offer:
    """What a join link leads to; raises ``LinkUnusable``."""
    row = links.usable(token=token, now=now)
    return Offer(
        slug=row.tenant.slug,
        organisation=row.tenant.name,
        role=Role(row.role),
        email=row.email,
    )


def keys(tenant: Tenant) -> tuple[KeyView, ...]:
    """The tenant's API keys: those that work first, then the newest first."""
    rows = ApiKey.objects.filter(tenant=tenant).order_by("-created_at", "-pk")
    views = [
        KeyView(
            id=row.pk,
            name=row.name,
            prefix=row.prefix,
            scopes=tuple(Scope(scope) for scope in row.scopes),
            created_at=row.created_at,
            created_by=row.created_by,
            last_used_at=row.last_used_at,
            revoked_at=row.revoked_at,
            feed=row.feed,
        )
        for row in rows
    ]
    return tuple(sorted(views, key=lambda view: view.revoked_at is not None))
