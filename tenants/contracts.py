"""The words this app publishes: kinds, roles, scopes, and what each role may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
    """What an API key may do. ``admin`` includes the others."""

    INGEST = "ingest"
    READ = "read"
    ADMIN = "admin"


class Permission(StrEnum):
    """What a page or command asks for; roles map to sets of these."""

    VIEW_REPORTS = "view_reports"
    VIEW_EVENTS = "view_events"
    IMPORT_DATA = "import_data"
    MANAGE_KEYS = "manage_keys"
    MANAGE_TEAM = "manage_team"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.EXECUTIVE: frozenset({Permission.VIEW_REPORTS}),
    Role.MARKETER: frozenset(
        {Permission.VIEW_REPORTS, Permission.VIEW_EVENTS, Permission.IMPORT_DATA}
    ),
    Role.ANALYST: frozenset(
        {Permission.VIEW_REPORTS, Permission.VIEW_EVENTS, Permission.IMPORT_DATA}
    ),
    Role.AUDITOR: frozenset({Permission.VIEW_REPORTS, Permission.VIEW_EVENTS}),
    Role.OPERATOR: frozenset(),
}


def allowed(role: Role, permission: Permission) -> bool:
    """Whether ``role`` has ``permission``."""
    return permission in PERMISSIONS[role]


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
