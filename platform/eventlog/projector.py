"""The projector: keeps every projection of every tenant up to date with its log.

It listens on the log's channel and advances a tenant as soon as it is woken; as appends wake it at
most ten times a second, it looks once more shortly after, and sweeps all tenants every second in
case a wake was lost. Positions live in the database, so it can be killed and started at any moment,
and two of them only share the work. On every sweep it also seals what the log has got since.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django_tenants.utils import get_tenant_model, schema_context

from eventlog import append, meters, subscriptions
from eventlog.seal import sealer
from kernel import clock

SWEEP_EVERY_SECONDS = 1.0
SEAL_EVERY_SECONDS = 2.0
_SEAL_AT_MOST_SECONDS = 0.5
LOOK_AGAIN_SECONDS = 0.15
_LONGEST_PAUSE_SECONDS = 10.0
_AWAY = (DatabaseError, InterfaceError, psycopg.Error)

_log = logging.getLogger(__name__)
_on_round: list[Callable[[], None]] = []


def on_round(listener: Callable[[], None]) -> None:
    """Call ``listener`` whenever the projector has gone once around; it must be quick."""
    _on_round.append(listener)


def schemas() -> list[str]:
    """The schemas of all tenants that are open."""
    with schema_context("public"):
        tenants = get_tenant_model().objects.exclude(provisioned_at=None).order_by("pk")
        return list(tenants.values_list("schema_name", flat=True))


def advance_all(schema: str, stopping: Callable[[], bool] = lambda: False) -> int:
    """Catch every subscription of ``schema`` up, batch by batch, and settle what events have left.

    Returns the number of events applied. A projection that fails is logged and left where it is;
    the others go on.
    """
    applied = 0
    with schema_context(schema):
        for name in subscriptions.names():
            while not stopping():
                step = _advance(schema, name)
                applied += step
                if step < subscriptions.BATCH and not _guarded(schema, name, subscriptions.settle):
                    break
    return applied


def _advance(schema: str, name: str) -> int:
    began = time.monotonic()
    applied = _guarded(schema, name, subscriptions.advance)
    if applied:
        meters.APPLIED.labels(name).inc(applied)
        meters.SECONDS.labels(name).observe(time.monotonic() - began)
    return applied


def _guarded(schema: str, name: str, work: Callable[[str], int]) -> int:
    try:
        return work(name)
    except _AWAY:
        raise
    except Exception:  # noqa: BLE001  # a fault in one app's handler must not stop the others' projections
        _log.exception("projection %s of %s failed; it will be tried again", name, schema)
        meters.FAILED.labels(name).inc()
        return 0


def seal_some(schema: str, stopping: Callable[[], bool] = lambda: False) -> int:
    """Seal what waits in the log of ``schema``, for half a second at most; returns how much.

    A log that can't be sealed is logged and left; its projections go on.
    """
    began, total = time.monotonic(), 0
    with schema_context(schema):
        while not stopping() and time.monotonic() - began < _SEAL_AT_MOST_SECONDS:
            try:
                sealed = sealer.seal(now=clock.now())
            except _AWAY:
                raise
            except Exception:  # noqa: BLE001  # a lost master key must not stop the projections
                _log.exception("the log of %s could not be sealed; it will be tried again", schema)
                meters.UNSEALED.inc()
                return total
            total += sealed
            if sealed < sealer.CHUNK:
                break
    meters.SEALED.inc(total)
    return total


@dataclass(slots=True, kw_only=True)
class Projector:
    """The loop. ``stop`` lets the batch in hand finish and ends it."""

    stopping: bool = False
    _again: dict[str, float] = field(default_factory=dict)
    _swept_at: float = float("-inf")
    _sealed_at: dict[str, float] = field(default_factory=dict)

    def stop(self) -> None:
        """Ask the loop to end; safe in a signal handler."""
        self.stopping = True

    def run(self) -> None:
        """Project until stopped; while the database is away, try again after growing pauses."""
        pause = 0.25
        while not self.stopping:
            try:
                self._listen()
                pause = 0.25
            except _AWAY as error:
                _log.warning(
                    "the database is away (%s); next try in %.2f s", type(error).__name__, pause
                )
                connection.close()
                time.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    def _listen(self) -> None:
        with psycopg.connect(settings.DATABASE_URL, autocommit=True) as listener:
            listener.execute(f"LISTEN {append.CHANNEL}")
            self._swept_at = float("-inf")
            while not self.stopping:
                self._work(_woken(listener, self._wait()))
                for each in _on_round:
                    each()

    def _wait(self) -> float:
        moment = time.monotonic()
        due = min(self._again.values(), default=self._swept_at + SWEEP_EVERY_SECONDS)
        return min(max(due - moment, 0.0), SWEEP_EVERY_SECONDS)

    def _work(self, woken: set[str]) -> None:
        close_old_connections()
        moment = time.monotonic()
        due = {schema for schema, at in self._again.items() if at <= moment}
        for schema in due:
            del self._again[schema]
        for schema in woken:
            self._again.setdefault(schema, moment + LOOK_AGAIN_SECONDS)
        todo = woken | due
        if moment - self._swept_at >= SWEEP_EVERY_SECONDS:
            self._swept_at = moment
            todo = todo.union(schemas())
        for schema in sorted(todo):
            if self.stopping:
                return
            advance_all(schema, lambda: self.stopping)
            self._seal(schema)

    def _seal(self, schema: str) -> None:
        moment = time.monotonic()
        if moment - self._sealed_at.get(schema, float("-inf")) >= SEAL_EVERY_SECONDS:
            self._sealed_at[schema] = moment
            seal_some(schema, lambda: self.stopping)


def _woken(listener: psycopg.Connection[tuple[object, ...]], wait: float) -> set[str]:
    """The schemas named by notifications within ``wait`` seconds, returning at the first ones."""
    return set(_names(listener, wait))


def _names(listener: psycopg.Connection[tuple[object, ...]], wait: float) -> Iterator[str]:
    for notice in listener.notifies(timeout=wait, stop_after=1):
        yield notice.payload
