"""Who looked at what: pages about operators are noted in the log, once a day for each person.

A note costs one look into the cache; only the day's first look at a thing is an event. Without the
cache every look is one: rather too often than not at all.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django_tenants.utils import tenant_context
from redis.exceptions import RedisError

from eventlog.append import append
from eventlog.said import said
from kernel import clock, ids
from regulator.cases.commands import SOURCE
from regulator.contracts_cases import PageViewed
from tenants import acts, address
from tenants.contracts import Kind
from tenants.models import Membership

WATCHED = frozenset({
    "operator", "anomaly", "case-file", "audit-search", "audit-event", "log", "findings",
})  # fmt: skip
"""The routes whose pages are about operators, people, or what is held against them."""
_DAY = timedelta(days=1)
Handler = Callable[[HttpRequest], HttpResponse]


class AccessMiddleware:
    """Write down which member looked at which watched page of an authority."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the answer of a member's request: a watched page that was shown is noted."""
        answer = self.get_response(request)
        member: Membership | None = getattr(request, "membership", None)
        match = request.resolver_match
        if (
            member is not None
            and match is not None
            and match.url_name in WATCHED
            and request.method == "GET"
            and answer.status_code == 200
            and member.tenant.kind == Kind.REGULATOR
        ):
            thing = next(iter(match.kwargs.values()), "")
            note(member, page=match.url_name, thing=str(thing), origin=address.short(request))
        return answer


def note(member: Membership, *, page: str, thing: str, origin: str = "") -> None:
    """Write down that ``member`` looked at ``thing`` on ``page``, unless it was noted today."""
    now = clock.now()
    actor = acts.pseudonym(member.tenant, member.user)
    key = f"viewed {member.tenant_id} {now.astimezone(UTC).date()} {actor} {page} {thing}"
    name = ids.event_id(key)
    if not _first(name):
        return
    body = PageViewed(actor=actor, origin=origin, page=page, thing=thing[:200])
    event = said("gaming.page_viewed", body, source=SOURCE, now=now, subject=actor, id=name)
    try:
        with tenant_context(member.tenant):
            append([event], recorded_at=now)
    except DatabaseError:
        with suppress(RedisError):
            cache.delete(_key(name))  # it was not noted: the next look is the first
        raise


def _first(name: UUID) -> bool:
    """Whether nobody has asked for this name in a day; ``True`` too without the cache."""
    try:
        return bool(cache.add(_key(name), 1, _DAY.total_seconds()))
    except RedisError:
        return True


def _key(name: UUID) -> str:
    return f"viewed:{name}"
