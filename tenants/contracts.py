"""The words this app publishes: kinds, roles, scopes, what each role may do, and its events.

Administrative acts are events of the tenant's log. ``actor`` and ``member`` in them are pseudonyms
of kind "m" (``tenants.acts.pseudonym``): no name or address is written to the log.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec

from eventlog.catalogue import event, upcaster
from tenants.quotas.plans import Plan


class Kind(StrEnum):
    """What sort of organisation a tenant is."""

    ADVERTISER = "advertiser"
    REGULATOR = "regulator"


class Role(StrEnum):
    """What a member is in a tenant."""

    OWNER = "owner"
    EXECUTIVE = "executive"
    MARKETER = "marketer"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    OPERATOR = "operator"


class Scope(StrEnum):
    """What an API key may do. ``admin`` includes the others but ``feed``.

    A key for a ``feed`` is bound to the one feed it writes, and can do nothing else.
    """

    INGEST = "ingest"
    READ = "read"
    ADMIN = "admin"
    FEED = "feed"


class LetterKind(StrEnum):
    """What a letter to a person is about."""

    INVITATION = "invitation"
    JOIN = "join"
    PASSWORD_RESET = "password_reset"  # noqa: S105  # a name
    NOTICE = "notice"
    SIGN_INS_FAILED = "sign_ins_failed"


class Permission(StrEnum):
    """What a page or command asks for; roles map to sets of these."""

    VIEW_REPORTS = "view_reports"
    VIEW_EVENTS = "view_events"
    IMPORT_DATA = "import_data"
    MANAGE_KEYS = "manage_keys"
    MANAGE_TEAM = "manage_team"
    MANAGE_PRIVACY = "manage_privacy"
    MANAGE_SITES = "manage_sites"
    VIEW_USAGE = "view_usage"
    VERIFY_LOG = "verify_log"
    MANAGE_JOURNEYS = "manage_journeys"
    VIEW_AUDIT = "view_audit"
    MANAGE_SECURITY = "manage_security"
    MANAGE_ALERTS = "manage_alerts"
    MANAGE_OPERATORS = "manage_operators"
    MANAGE_CASES = "manage_cases"


_READS = frozenset({Permission.VIEW_REPORTS, Permission.VIEW_EVENTS, Permission.VIEW_USAGE})
_WORKS_WITH_DATA = _READS | {Permission.IMPORT_DATA, Permission.MANAGE_SITES}
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.EXECUTIVE: frozenset({Permission.VIEW_REPORTS, Permission.VIEW_USAGE}),
    Role.MARKETER: _WORKS_WITH_DATA,
    Role.ANALYST: _WORKS_WITH_DATA
    | {
        Permission.MANAGE_JOURNEYS, Permission.MANAGE_ALERTS, Permission.MANAGE_OPERATORS,
        Permission.MANAGE_CASES,
    },
    Role.AUDITOR: _READS
    | {Permission.MANAGE_PRIVACY, Permission.VERIFY_LOG, Permission.VIEW_AUDIT},
    Role.OPERATOR: frozenset(),
}  # fmt: skip


def allowed(role: Role, permission: Permission) -> bool:
    """Whether ``role`` has ``permission``."""
    return permission in PERMISSIONS[role]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfUse:
    """A day (UTC): new events, requests let in and turned away, events turned away."""

    day: date
    events: int
    requests: int
    throttled: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeOfUse:
    """An event type's new events of the month, and their share of all."""

    type: str
    events: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a tenant has used of its plan in the month that began on ``month``.

    ``forecast`` is the month's events at its end, ``None`` without a full day to go by.
    """

    plan: Plan
    month: date
    resets_at: datetime
    used: int
    forecast: int | None
    requests: int
    throttled: int
    rejected: int
    duplicates: int
    seats: int
    days: tuple[DayOfUse, ...]
    types: tuple[TypeOfUse, ...]

    @property
    def share(self) -> float:
        """Used of what the plan has; above 1 within the grace."""
        return self.used / self.plan.events


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyView:
    """An API key as people see it; the secret itself is shown once, when it is made."""

    id: int
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    created_by: str
    last_used_at: datetime | None
    revoked_at: datetime | None
    feed: str = ""
    """The one feed that a key of scope ``feed`` writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedKey:
    """A key just made: the only moment its full text exists."""

    id: int
    text: str
    prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person with a role in the tenant."""

    id: int
    email: str
    name: str
    role: Role
    joined_at: datetime
    last_login: datetime | None
    second_factor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A tenant as one of its members sees it before entering; ``ready`` once its schema is."""

    slug: str
    name: str
    kind: Kind
    role: Role
    ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An open join link; the link itself is shown once, when it is made."""

    id: int
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime
    created_by: str
    letter: str
    """How its letter fares: empty without one, else "waiting", "sent" or why it was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a join link leads to, for the person who holds it."""

    slug: str
    organisation: str
    role: Role
    email: str


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """What every administrative act says: who did it, and from which network, when known."""

    actor: str
    origin: str = ""


@event("tenant.member_added", version=2)
class MemberAdded(Act, frozen=True, kw_only=True):
    """Somebody became a member, as founder or through a join link."""

    member: str
    role: str


@event("tenant.role_changed", version=2)
class RoleChanged(Act, frozen=True, kw_only=True):
    """A member got another role."""

    member: str
    role: str
    previous: str


@event("tenant.member_removed", version=2)
class MemberRemoved(Act, frozen=True, kw_only=True):
    """A member lost access."""

    member: str
    role: str


@event("tenant.invited", version=2)
class Invited(Act, frozen=True, kw_only=True):
    """A join link was made; ``invitation`` is its number."""

    invitation: int
    role: str


@event("tenant.invitation_withdrawn", version=2)
class InvitationWithdrawn(Act, frozen=True, kw_only=True):
    """A join link was withdrawn before somebody used it."""

    invitation: int


@event("tenant.key_issued", version=2)
class KeyIssued(Act, frozen=True, kw_only=True):
    """An API key was made; ``key`` is its public prefix."""

    key: str
    scopes: tuple[str, ...]


@event("tenant.key_rotated", version=2)
class KeyRotated(Act, frozen=True, kw_only=True):
    """A key was replaced by another with the same scopes; ``previous`` stopped at once."""

    key: str
    previous: str
    scopes: tuple[str, ...]


@event("tenant.key_revoked", version=2)
class KeyRevoked(Act, frozen=True, kw_only=True):
    """A key was stopped for good."""

    key: str


@event("tenant.password_changed")
class PasswordChanged(Act, frozen=True, kw_only=True):
    """A member has a new password; ``how`` is "reset" (by a letter) or "changed"."""

    how: str


@event("tenant.own_hosts_set")
class OwnHostsSet(Act, frozen=True, kw_only=True):
    """The list of the tenant's own hosts was replaced; a link from one is no referral since then.

    Each host stands for all below it too. ``previous`` is the list as it was.
    """

    hosts: tuple[str, ...]
    previous: tuple[str, ...]


@event("tenant.plan_changed")
class PlanChanged(Act, frozen=True, kw_only=True):
    """Who runs the product gave the tenant another plan."""

    plan: str
    previous: str


@event("tenant.usage_reached")
class UsageReached(Act, frozen=True, kw_only=True):
    """The month's new events reached ``percent`` of what the plan has; told once a month."""

    percent: int
    used: int
    limit: int


@event("tenant.signed_in")
class SignedIn(Act, frozen=True, kw_only=True):
    """A member came in; ``device`` is browser and system, in words."""

    device: str
    second_factor: bool


@event("tenant.sign_ins_failed")
class SignInsFailed(Act, frozen=True, kw_only=True):
    """So many wrong passwords were given for a member's account that its door was closed."""

    member: str


@event("tenant.second_factor_changed")
class SecondFactorChanged(Act, frozen=True, kw_only=True):
    """A member's second factor was "switched on", "switched off" or "given new recovery codes"."""

    change: str


@event("tenant.security_changed")
class SecurityChanged(Act, frozen=True, kw_only=True):
    """Whether members need a second factor was decided anew."""

    require_second_factor: bool


@event("tenant.exported")
class Exported(Act, frozen=True, kw_only=True):
    """A member downloaded a file from the page ``page``."""

    page: str
    file: str


ACT_LABELS = {
    "tenant.member_added": "Became a member",
    "tenant.role_changed": "Changed a role",
    "tenant.member_removed": "Removed a member",
    "tenant.invited": "Invited somebody",
    "tenant.invitation_withdrawn": "Withdrew an invitation",
    "tenant.key_issued": "Made an API key",
    "tenant.key_rotated": "Rotated an API key",
    "tenant.key_revoked": "Revoked an API key",
    "tenant.password_changed": "Changed the password",
    "tenant.own_hosts_set": "Changed the own sites",
    "tenant.plan_changed": "Changed the plan",
    "tenant.usage_reached": "Told of usage",
    "tenant.signed_in": "Signed in",
    "tenant.sign_ins_failed": "Closed the door after failed sign-ins",
    "tenant.second_factor_changed": "Changed the second factor",
    "tenant.security_changed": "Changed the security settings",
    "tenant.exported": "Downloaded a file",
}
"""What the acts are called in the audit trail; an app adds those of its own."""


def _without_origin(body: dict[str, Any]) -> dict[str, Any]:
    """The first version of the acts above did not say where they came from."""
    return {**body, "origin": ""}


for _act in (
    "member_added", "role_changed", "member_removed", "invited", "invitation_withdrawn",
    "key_issued", "key_rotated", "key_revoked",
):  # fmt: skip
    upcaster(f"tenant.{_act}", from_version=1)(_without_origin)
