"""Whose events are these? The tenants app registers the answer; ingestion has no such table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kernel.errors import Unauthenticated


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who a key speaks for. ``tenant`` is what ``connection.set_tenant`` takes.

    ``own_hosts``: the tenant's sites, which refer nobody to each other. ``epoch`` counts the
    tenant's erasures (``eventlog.subjects.keys``); ``None`` where it may have grown meanwhile.
    ``feed`` names the one feed a key of scope "feed" writes.
    """

    tenant: Any
    schema: str
    slug: str
    secret: bytes
    key_prefix: str
    scopes: frozenset[str]
    own_hosts: frozenset[str] = frozenset()
    epoch: int | None = None
    feed: str = ""


Authenticator = Callable[[str, str], Principal]

_registered: list[Authenticator] = []


def register(authenticator: Authenticator) -> None:
    """Set the function (key text, needed scope) -> Principal; it raises what refuses a key."""
    _registered[:] = [authenticator]


def authenticate(key: str, scope: str) -> Principal:
    """The principal of ``key`` when it is valid and has ``scope``."""
    if not _registered:
        raise Unauthenticated("No way to check keys is configured.")
    return _registered[0](key, scope)
