"""Subscriptions: named readers of the log whose cursor moves in the transaction of their effect.

An app registers one in its AppConfig. ``advance`` handles the next batch; a crash in the middle
leaves both the effect and the cursor where they were. A projection can be dropped and rebuilt at
any time, and a test proves for each that the rebuilt one equals the incremental one.

Code that builds something else than before has a higher ``shape``: what an older shape built is
emptied and filled again from the log, by itself. A process of the older release that is still there
then leaves it alone.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from eventlog.contracts import START, Cursor, Lag, StoredEvent
from eventlog.read import tail
from eventlog.tenancy import active_tenant
from kernel.errors import NotFound

BATCH = 5_000
_PAUSE_SECONDS = 0.05

_LOCK_WAITING = """
SELECT xid::text::bigint, position, shape FROM subscription WHERE name = %s FOR UPDATE
"""
_LOCK_OR_SKIP = """
SELECT xid::text::bigint, position, shape FROM subscription WHERE name = %s
FOR UPDATE SKIP LOCKED
"""
_BEGIN = """
INSERT INTO subscription (name, shape) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING 1
"""
_START_ANEW = """
UPDATE subscription SET xid = %s::text::xid8, position = %s, shape = %s, moved_at = now()
WHERE name = %s
"""

Handler = Callable[[Sequence[StoredEvent]], None]


class UnknownSubscription(NotFound):
    """No subscription of this name is registered."""

    code = "unknown_subscription"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A reader: ``handle`` applies a batch in log order; ``reset`` empties what it has built.

    ``settle``, where there is one, does one small step of what an event has left to be done (say,
    everything anew under a changed rule) and tells whether there was anything. New events go first.
    ``shape`` is raised when the code builds other rows of the same events.
    """

    name: str
    handle: Handler
    reset: Callable[[], None]
    settle: Callable[[], bool] | None = None
    shape: int = 1


class _Place(NamedTuple):
    """Where a subscription is, and the shape of what it has built."""

    cursor: Cursor
    shape: int


_registered: dict[str, Subscription] = {}


def register(subscription: Subscription) -> None:
    """Make ``subscription`` known; called once, from an AppConfig."""
    _registered[subscription.name] = subscription


def names() -> list[str]:
    """The names of all registered subscriptions, sorted."""
    return sorted(_registered)


def advance(name: str, *, limit: int = BATCH) -> int:
    """Apply the next batch of at most ``limit`` events; returns how many were applied.

    Returns 0 when there is nothing to do, another process holds the subscription, or a later
    release has built it.
    """
    subscription = _find(name)
    with transaction.atomic():
        cursor = _current(subscription)
        if cursor is None:
            return 0
        events = tail(after=cursor, limit=limit)
        if events:
            subscription.handle(events)
            _move(name, events[-1].cursor)
        return len(events)


def settle(name: str) -> bool:
    """Do one step of what events have left to be done; whether there was anything.

    ``False`` also when another process holds the subscription, or a later release has built it.
    """
    subscription = _find(name)
    if subscription.settle is None:
        return False
    with transaction.atomic():
        return _current(subscription) is not None and subscription.settle()


def catch_up(name: str, *, limit: int = BATCH) -> int:
    """Advance and settle until nothing is left, each step committing on its own.

    Returns the number of events applied.
    """
    total = applied = advance(name, limit=limit)
    while applied or settle(name):
        applied = advance(name, limit=limit)
        total += applied
    return total


def reset(name: str) -> None:
    """Empty the projection and put its cursor before the first event."""
    subscription = _find(name)
    with transaction.atomic():
        if _claim(subscription, wait=True) is not None:
            _start_anew(subscription)


def hold(name: str) -> None:
    """Keep the projection where it is until the current transaction ends; waits for a batch.

    For whoever moves what the projection wrote from one place to another.
    """
    _claim(_find(name), wait=True)


def give_way(name: str, *, behind: float = 0.25, at_most: float = 1.0) -> None:
    """Wait until the reader is less than ``behind`` seconds late, ``at_most`` seconds.

    For whoever holds it again and again: it takes what is free when it looks, and would find the
    row taken each time.
    """
    until = time.monotonic() + at_most
    while lag(name).seconds > behind and time.monotonic() < until:
        time.sleep(_PAUSE_SECONDS)


def rebuild(name: str, *, limit: int = BATCH) -> int:
    """Empty the projection and apply the whole log again; returns the number of events applied.

    Commits per batch, so the log's horizon is never held back; until it is done the projection
    shows what it has so far.
    """
    reset(name)
    return catch_up(name, limit=limit)


def lags() -> list[Lag]:
    """How far each subscription is behind the log's newest event (committed, horizon or not)."""
    with connection.cursor() as cursor:
        return [_lag(cursor, name) for name in names()]


def lag(name: str) -> Lag:
    """How far one subscription is behind."""
    with connection.cursor() as cursor:
        return _lag(cursor, _find(name).name)


def _lag(cursor: CursorWrapper, name: str) -> Lag:
    cursor.execute(
        """
        WITH reader AS (
            SELECT coalesce(max(xid), '0'::xid8) AS xid, coalesce(max(position), 0) AS position,
                   coalesce(extract(epoch FROM now() - max(moved_at)), 0) AS idle
            FROM subscription WHERE name = %s
        )
        SELECT coalesce((SELECT max(position) FROM (
                   SELECT position FROM event
                   ORDER BY event.xid DESC, event.position DESC LIMIT 1) newest), 0)
                   - reader.position,
               coalesce((SELECT extract(epoch FROM now() - event.recorded_at) FROM event
                         WHERE (event.xid, event.position) > (reader.xid, reader.position)
                         ORDER BY event.xid, event.position LIMIT 1), 0),
               reader.idle
        FROM reader
        """,
        [name],
    )
    events, seconds, idle = cursor.fetchone() or (0, 0, 0)
    waiting = float(seconds) > 0
    return Lag(
        name=name,
        events=max(int(events), 0) if waiting else 0,
        seconds=max(float(seconds), 0.0),
        idle_seconds=max(float(idle), 0.0),
    )


def _find(name: str) -> Subscription:
    try:
        return _registered[name]
    except KeyError:
        raise UnknownSubscription(f"There is no subscription {name!r}.") from None


def _current(subscription: Subscription) -> Cursor | None:
    """The place to go on from, at the start where an older shape has built what is there.

    ``None`` when somebody else has the subscription, or it is of a later shape.
    """
    place = _claim(subscription)
    if place is None or place.shape > subscription.shape:
        return None
    if place.shape < subscription.shape:
        _start_anew(subscription)
        return START
    return place.cursor


def _claim(subscription: Subscription, *, wait: bool = False) -> _Place | None:
    """Lock the subscription's row for this transaction; ``None`` when somebody else has it."""
    active_tenant()
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_WAITING if wait else _LOCK_OR_SKIP, [subscription.name])
        row = cursor.fetchone()
        if row is not None:
            return _Place(Cursor(row[0], row[1]), row[2])
        cursor.execute(_BEGIN, [subscription.name, subscription.shape])
        return _Place(START, subscription.shape) if cursor.fetchone() is not None else None


def _start_anew(subscription: Subscription) -> None:
    subscription.reset()
    with connection.cursor() as cursor:
        shape, name = subscription.shape, subscription.name
        cursor.execute(_START_ANEW, [str(START.xid), START.position, shape, name])


def _move(name: str, to: Cursor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE subscription SET xid = %s::text::xid8, position = %s, moved_at = now()"
            " WHERE name = %s",
            [str(to.xid), to.position, name],
        )
