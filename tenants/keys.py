"""API keys: make, check, rotate, revoke. ``ts_<prefix>_<secret>``; only a hash is kept.

A key is looked up on every request, so a revoked key stops working at once.
"""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.db import connection, transaction

from ingest.auth import Principal
from kernel import clock
from kernel.errors import Forbidden, NotFound, Unauthenticated
from tenants.contracts import IssuedKey, Scope
from tenants.models import ApiKey, Tenant

_ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_FORM = re.compile(r"ts_([A-Za-z0-9]{8})_([A-Za-z0-9]{32})")
_USE_NOTED_EVERY = timedelta(minutes=1)
_LIVE = """
SELECT key.id, key.digest, ARRAY(SELECT jsonb_array_elements_text(key.scopes)), key.last_used_at,
       key.feed, tenant.id, tenant.xmin::text
FROM public.tenants_apikey AS key
JOIN public.tenants_tenant AS tenant ON tenant.id = key.tenant_id
WHERE key.prefix = %s AND key.revoked_at IS NULL AND tenant.provisioned_at IS NOT NULL
"""


class InvalidKey(Unauthenticated):
    """The key is unknown, malformed or revoked; the answer does not say which."""

    code = "invalid_key"
    title = "Invalid API key"


class MissingScope(Forbidden):
    """The key is good, but was not made for this."""

    code = "missing_scope"
    title = "The key lacks a scope"


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def issue(
    *,
    tenant: Tenant,
    name: str,
    scopes: tuple[Scope, ...],
    created_by: str,
    now: datetime,
    feed: str = "",
) -> IssuedKey:
    """Make a key; its text is in the answer and nowhere else. ``feed`` binds it to one feed."""
    prefix, secret = _random(8), _random(32)
    key = ApiKey.objects.create(
        tenant=tenant,
        name=name.strip() or "Unnamed key",
        prefix=prefix,
        digest=_digest(secret),
        scopes=[str(scope) for scope in scopes],
        feed=feed,
        created_at=now,
        created_by=created_by,
    )
    return IssuedKey(id=key.pk, text=f"ts_{prefix}_{secret}", prefix=prefix)


def revoke(*, tenant: Tenant, key_id: int, now: datetime) -> bool:
    """Stop a key for good; whether it worked until now. Raises ``NotFound`` for a foreign key."""
    if not ApiKey.objects.filter(tenant=tenant, pk=key_id).exists():
        raise NotFound("There is no such key.")
    live = ApiKey.objects.filter(tenant=tenant, pk=key_id, revoked_at=None)
    return live.update(revoked_at=now) > 0


@transaction.atomic
def rotate(*, tenant: Tenant, key_id: int, created_by: str, now: datetime) -> IssuedKey:
    """Replace a key by a new one of the same name and scopes; the old one stops at once."""
    old = ApiKey.objects.filter(tenant=tenant, pk=key_id, revoked_at=None).first()
    if old is None:
        raise NotFound("There is no such key.")
    revoke(tenant=tenant, key_id=key_id, now=now)
    scopes = tuple(Scope(scope) for scope in old.scopes)
    return issue(
        tenant=tenant, name=old.name, scopes=scopes, created_by=created_by, now=now, feed=old.feed
    )


def authenticate(text: str, scope: str) -> Principal:
    """The principal of the key ``text`` when it has ``scope``; reads the clock to note the use.

    Raises ``InvalidKey`` or ``MissingScope``. Notes the use at most once a minute.
    """
    form = _FORM.fullmatch(text)
    if form is None:
        raise InvalidKey("This API key is not valid.")
    prefix, secret = form.groups()
    key = _live(prefix)
    if key is None or not hmac.compare_digest(key.digest, _digest(secret)):
        raise InvalidKey("This API key is not valid.")
    if not _may(key, scope):
        raise MissingScope(f"This key lacks the scope {scope!r}.", needed=scope)
    _note_use(key, clock.now())
    tenant = _tenant(key.tenant_id, key.tenant_row)
    return Principal(
        tenant=tenant,
        schema=tenant.schema_name,
        slug=tenant.slug,
        secret=bytes(tenant.secret),
        key_prefix=prefix,
        scopes=frozenset(key.scopes),
        own_hosts=frozenset(tenant.own_hosts),
        epoch=tenant.erasures,
        feed=key.feed,
    )


def _may(key: "_Live", scope: str) -> bool:
    """Whether the key has ``scope``; a feed is written by keys bound to it alone.

    Whoever holds such a key is somebody else's organisation: it can do nothing but that.
    """
    if scope == Scope.FEED or key.feed:
        return scope == Scope.FEED and bool(key.feed)
    return scope in key.scopes or Scope.ADMIN in key.scopes


class _Live(NamedTuple):
    """A key that works; ``tenant_row`` changes whenever the tenant's row does."""

    id: int
    digest: bytes
    scopes: list[str]
    last_used_at: datetime | None
    feed: str
    tenant_id: int
    tenant_row: str


def _live(prefix: str) -> _Live | None:
    """Look a key up: this happens on every request, so it is one statement and no model."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        row = cursor.execute(_LIVE, [prefix]).fetchone()
    return _Live(*row) if row is not None else None


@lru_cache(maxsize=1024)
def _tenant(tenant_id: int, row: str) -> Tenant:
    """The tenant as of this version of its row."""
    tenant: Tenant = Tenant.objects.get(pk=tenant_id)
    return tenant


def _note_use(key: _Live, now: datetime) -> None:
    if key.last_used_at is None or now - key.last_used_at >= _USE_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.id).update(last_used_at=now)
