"""How far a tenant's read models are behind its log, and who holds them back."""

from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError, connection

from eventlog import subscriptions
from health.contracts import Limits, Reading
from health.registry import Probe, Scope

_HOLDER = """
SELECT coalesce(nullif(application_name, ''), 'a client'),
       extract(epoch FROM now() - xact_start)::bigint
FROM pg_stat_activity
WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid() AND xact_start < now() - interval '5 s'
ORDER BY backend_xid::text::bigint LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class _Projection:
    """Reads one projection of the active tenant."""

    name: str

    def __call__(self) -> Reading:
        try:
            lag = subscriptions.lag(self.name)
            holder = _holder() if lag.events and lag.seconds > Limits().oldest_seconds else ""
        except (DatabaseError, InterfaceError):
            return Reading(unseen=True, detail="Can't be seen while the database is away.")
        return Reading(
            waiting=lag.events,
            oldest_seconds=lag.seconds,
            idle_seconds=lag.idle_seconds if lag.events else None,
            detail=holder,
        )


def _holder() -> str:
    """The oldest write transaction, which holds every reader of the log back (ADR 3)."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDER)
        row = cursor.fetchone()
    return f"A transaction of {row[0]} has been open for {row[1]} s." if row else ""


def probes() -> tuple[Probe, ...]:
    """One for each subscription registered so far."""
    return tuple(
        Probe(
            name=f"projection:{name}",
            label=f"Read model {name}",
            scope=Scope.TENANT,
            read=_Projection(name),
            limits=Limits(oldest_seconds=10.0, idle_seconds=20.0),
            advice="Its figures are as old as this says; the log has everything. Is `manage.py"
            " project` running, and what does its log say? A batch that fails is tried again.",
        )
        for name in subscriptions.names()
    )
