"""Where counts lie: in Redis until the worker takes them, then in rows.

Counts wait in one hash. The worker renames it, which takes all of it at once, and adds it to the
rows together with the hash's new name; so a worker that dies at any point neither loses a count nor
adds it twice. What the processes judge by (the month's events, the requests let in) are numbers of
their own that may be lost: they are made up from the rows again.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime

import redis
from django.conf import settings
from django.db import connection, transaction

from tenants.models import Tenant, UsageTaken
from tenants.quotas.ledger import SPECIAL, Key, Outgoing
from tenants.quotas.plans import month_of

_MONTH_LIVES, _REQUESTS_LIVE = 40 * 86_400, 3_600
_ADD = """
INSERT INTO public.tenants_usageday (tenant_id, day, name, amount)
SELECT tenant.id, counted.day, counted.name, counted.amount
FROM unnest(%s::text[], %s::date[], %s::text[], %s::bigint[])
     AS counted (schema, day, name, amount)
JOIN public.tenants_tenant AS tenant ON tenant.schema_name = counted.schema
ON CONFLICT (tenant_id, day, name) DO UPDATE
SET amount = tenants_usageday.amount + excluded.amount
"""
_MONTH = """
SELECT tenant.schema_name, coalesce(sum(usage.amount), 0)::bigint
FROM public.tenants_tenant AS tenant
JOIN public.tenants_usageday AS usage ON usage.tenant_id = tenant.id
WHERE usage.day >= %s AND NOT usage.name = ANY(%s) AND tenant.schema_name = ANY(%s)
GROUP BY tenant.schema_name
"""


def client() -> redis.Redis:
    """A connection that gives up after a second: nobody may wait for counts."""
    made: redis.Redis = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1
    )
    return made


def add(client: redis.Redis, sent: Outgoing) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    """Add a process's counts, all or none, in one round trip; the totals of events and requests."""
    pipe = client.pipeline(transaction=True)
    for (schema, day, name), number in sent.counts.items():
        pipe.hincrby(_key("counts"), f"{schema}|{day.isoformat()}|{name}", number)
    for (schema, month), number in sent.events.items():
        pipe.incrby(_key("month", schema, month), number)
    for schema, number in sent.requests.items():
        pipe.incrby(_key("requests", schema), number)
    for schema, month in sent.events:
        pipe.expire(_key("month", schema, month), _MONTH_LIVES)
        pipe.expire(_key("requests", schema), _REQUESTS_LIVE)
    answers = pipe.execute()[len(sent.counts) :]
    events = dict(zip(sent.events, answers, strict=False))
    return events, dict(zip(sent.requests, answers[len(sent.events) :], strict=False))


def take(client: redis.Redis) -> dict[str, int]:
    """Move what waits in Redis into the rows; the events added, by schema."""
    waiting = _key("counts")
    if client.exists(waiting):
        client.rename(waiting, f"{waiting}:taken:{uuid.uuid4()}")
    added: dict[str, int] = defaultdict(int)
    for name in client.scan_iter(f"{waiting}:taken:*", count=1000):
        for (schema, _, what), number in _taken(client, name).items():
            if what not in SPECIAL:
                added[schema] += number
        client.delete(name)
    return dict(added)


def _taken(client: redis.Redis, name: bytes) -> dict[Key, int]:
    """Add one hash to the rows, once."""
    counts = _read(client.hgetall(name))
    with transaction.atomic():
        _, fresh = UsageTaken.objects.get_or_create(name=name.decode())
        if not fresh:
            return {}
        schemas, days, names = zip(*counts, strict=True) if counts else ((), (), ())
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [list(schemas), list(days), list(names), list(counts.values())])
    return counts


def _read(found: Mapping[bytes | str, bytes | str]) -> dict[Key, int]:
    counts: dict[Key, int] = {}
    for field, number in found.items():
        text = field.decode() if isinstance(field, bytes) else field
        schema, day, name = text.split("|", 2)
        counts[schema, date.fromisoformat(day), name] = int(number)
    return counts


def month_so_far(schemas: list[str], now: datetime) -> dict[str, int]:
    """The events of the month in the rows."""
    with connection.cursor() as cursor:
        cursor.execute(_MONTH, [now.date().replace(day=1), list(SPECIAL), schemas])
        return dict(cursor.fetchall())


def restore(client: redis.Redis, now: datetime) -> None:
    """Raise each month's number in Redis to what the rows say, where Redis has lost it."""
    schemas = list(Tenant.objects.values_list("schema_name", flat=True))
    kept = month_so_far(schemas, now)
    names = [_key("month", schema, month_of(now)) for schema in kept]
    known = client.mget(names) if names else []
    for name, number, found in zip(names, kept.values(), known, strict=True):
        missing = number - int(found or 0)
        if missing > 0:
            client.incrby(name, missing)
            client.expire(name, _MONTH_LIVES)


def forget(before: datetime) -> None:
    """Drop the names of hashes that were taken long ago."""
    UsageTaken.objects.filter(taken_at__lt=before).delete()


def _key(*parts: str) -> str:
    prefix = settings.CACHES["default"].get("KEY_PREFIX", "")
    return ":".join((prefix, "usage", *parts)).lstrip(":")
