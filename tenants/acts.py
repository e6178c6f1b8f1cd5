"""Administrative acts in the tenant's log: who did what to whom, without a name in clear."""

from datetime import datetime

import msgspec
from django_tenants.utils import tenant_context

from eventlog import catalogue
from eventlog.append import append
from eventlog.said import said
from kernel import ids
from tenants.contracts import Act
from tenants.models import Tenant, User

_NAMES: dict[type[msgspec.Struct], str] = {
    shape: name for name, _, shape in catalogue.all_types() if name.startswith("tenant.")
}
SOURCE = "portal"
NOBODY = "0" * 32
"""The actor of what no member did: the product by itself, or who runs it."""


def pseudonym(tenant: Tenant, user: User) -> str:
    """The tenant's pseudonym for a member: 32 hex digits of its keyed hash of the user's number."""
    return ids.pseudonym(bytes(tenant.secret), "m", str(user.pk))


def record(tenant: Tenant, act: Act, *, now: datetime, origin: str = "", key: str = "") -> None:
    """Append ``act`` to the tenant's log, in the caller's transaction.

    ``origin`` is the shortened address it came from (``tenants.address``). An act with a ``key``
    is recorded once for this ``now``, however often it is tried.
    """
    name = _NAMES[type(act)]
    act = msgspec.structs.replace(act, origin=origin)
    known = ids.event_id(key) if key else None
    event = said(name, act, source=SOURCE, now=now, subject=act.actor, id=known)
    with tenant_context(tenant):
        append([event], recorded_at=now)
