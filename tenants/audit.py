"""The audit trail: every act of people (and of the product for them) in the tenant's log, in words.

It is read from the log itself; names are put to pseudonyms while their members are members.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from eventlog import acts as log
from eventlog.contracts import Cursor, StoredEvent
from kernel.paging import Page, decode_cursor, encode_cursor
from tenants import acts
from tenants.contracts import ACT_LABELS, Permission, Role, allowed
from tenants.models import Membership, Tenant

_NOT_TOLD = frozenset({"actor", "origin"})
SHOWN, EXPORTED = 50, 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An act: when, who, what, from which network. ``details`` are (name, value) in words."""

    id: UUID
    at: datetime
    type: str
    label: str
    actor: str
    origin: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is looked for: a type (empty for all), days (both included), a person or a value."""

    type: str = ""
    start: date | None = None
    end: date | None = None
    words: str = ""


def trail(tenant: Tenant, sought: Sought, *, cursor: str = "", limit: int = SHOWN) -> Page[Entry]:
    """A page of the trail, the newest first; the tenant's schema is active."""
    names = people(tenant)
    before = None
    if cursor:
        xid, position = decode_cursor(cursor, (int, int))
        before = Cursor(int(xid), int(position))
    found = log.search(
        type=sought.type,
        since=sought.start,
        until=sought.end + timedelta(days=1) if sought.end else None,
        words=sought.words,
        subjects=_named(names, sought.words),
        before=before,
        limit=limit + 1,
    )
    items = [_entry(each, names) for each in found[:limit]]
    last = found[limit - 1].cursor if len(found) > limit else None
    return Page(items=items, next_cursor=encode_cursor(last.xid, last.position) if last else None)


def people(tenant: Tenant) -> dict[str, str]:
    """Pseudonym → name of each present member, and of the product."""
    members = Membership.objects.select_related("user").filter(tenant=tenant)
    names = {acts.pseudonym(tenant, m.user): m.user.name or m.user.email for m in members}
    return {**names, acts.NOBODY: "Touchstone"}


def able(tenant: Tenant, permission: Permission) -> dict[str, str]:
    """Pseudonym → name of each present member whose role has ``permission``, by name."""
    members = Membership.objects.select_related("user").filter(tenant=tenant)
    names = {
        acts.pseudonym(tenant, m.user): m.user.name or m.user.email
        for m in members
        if allowed(Role(m.role), permission)
    }
    return dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))


def _named(names: Mapping[str, str], words: str) -> list[str]:
    """The pseudonyms of people whose names hold ``words``."""
    return [who for who, name in names.items() if words.lower() in name.lower()] if words else []


def _entry(stored: StoredEvent, names: Mapping[str, str]) -> Entry:
    body: dict[str, object] = msgspec.json.decode(stored.payload)
    actor = str(body.get("actor") or body.get("requested_by") or stored.subject)
    return Entry(
        id=stored.id,
        at=stored.occurred_at,
        type=stored.type,
        label=ACT_LABELS.get(stored.type, stored.type.replace(".", " ").replace("_", " ")),
        actor=_name(actor, names),
        origin=str(body.get("origin") or ""),
        details=tuple(
            (name.replace("_", " "), _value(value, names))
            for name, value in body.items()
            if name not in _NOT_TOLD and value not in (None, "", [], {}) and value != actor
        ),
    )


def _name(who: str, names: Mapping[str, str]) -> str:
    """A member's name; who left is known by the start of their pseudonym."""
    return names.get(who) or (f"former member {who[:8]}" if len(who) == 32 else who)


def _value(value: object, names: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return ", ".join(_value(each, names) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_value(each, names)}" for name, each in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return names.get(text, text)
