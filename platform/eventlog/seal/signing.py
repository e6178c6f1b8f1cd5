"""The keys that sign a tenant's checkpoints: made on first use, replaced at will, never forgotten.

An old key's checkpoints stay valid: its public half is kept and published. The first checkpoint of
a new key is signed by the old one too, so whoever trusts the old key has a reason to trust the new.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django_tenants.utils import get_tenant_model

from eventlog.append import append
from eventlog.keys import store
from eventlog.merkle import notes
from eventlog.merkle.notes import Verifier
from eventlog.said import said
from eventlog.seal.contracts import LogKeyRotated
from eventlog.tenancy import active_tenant

_ALL = "SELECT version, name, public, wrapped, created_at FROM log_key ORDER BY version"
_INSERT = """
INSERT INTO log_key (version, name, public, wrapped, created_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A key of the log; ``wrapped`` is its private half under the tenant's key."""

    version: int
    verifier: Verifier
    wrapped: bytes
    created_at: datetime


def known() -> tuple[SigningKey, ...]:
    """All keys of the active tenant's log, the oldest first."""
    active_tenant()
    with connection.cursor() as cursor:
        cursor.execute(_ALL)
        rows = cursor.fetchall()
    return tuple(
        SigningKey(
            version=version,
            verifier=Verifier(name=name, public=bytes(public)),
            wrapped=bytes(wrapped),
            created_at=created_at,
        )
        for version, name, public, wrapped, created_at in rows
    )


def ensured(*, now: datetime) -> tuple[SigningKey, ...]:
    """As ``known``, making the first one when there is none."""
    found = known()
    if not found:
        _add(1, _origin(), now)
        found = known()
    return found


def private(key: SigningKey, *, now: datetime) -> bytes:
    """The private half of ``key``; raises the errors of ``eventlog.keys`` when it can't be had."""
    return store.unwrap(key.wrapped, context=_context(key.version), now=now)


def rotate(*, now: datetime) -> SigningKey:
    """Sign with a new key from the next checkpoint on; the log itself says so."""
    with transaction.atomic():
        previous = ensured(now=now)[-1]
        _add(previous.version + 1, previous.verifier.name, now)
        fresh = known()[-1]
        told = LogKeyRotated(key=fresh.verifier.text, previous=previous.verifier.text)
        append([said("log.key_rotated", told, source="log", now=now)], recorded_at=now)
    return fresh


def _add(version: int, name: str, now: datetime) -> None:
    secret = notes.new_private_key()
    wrapped = store.wrap(secret, context=_context(version), now=now)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [version, name, notes.public_of(secret), wrapped, now])


def _context(version: int) -> str:
    return f"log key {version}"


def _origin() -> str:
    """The log's name, given once: where it is found, without a scheme."""
    tenant = get_tenant_model().objects.get(schema_name=active_tenant())
    return f"{tenant.slug}.{settings.BASE_DOMAIN}/log"
