"""How far the sealed tree is behind a tenant's log."""

from django.db import DatabaseError, InterfaceError

from eventlog.seal import queries
from health.contracts import Limits, Reading
from health.registry import Probe, Scope
from kernel import clock


def read() -> Reading:
    """Events not sealed yet, and how long ago the last checkpoint was signed."""
    try:
        waiting = queries.waiting()
        silent = _silent() if waiting else 0.0
    except (DatabaseError, InterfaceError):
        return Reading(unseen=True, detail="Can't be seen while the database is away.")
    return Reading(waiting=waiting, oldest_seconds=silent, idle_seconds=silent if waiting else None)


def _silent() -> float:
    """Seconds since the last checkpoint; a log without any is about to get its first."""
    try:
        return max((clock.now() - queries.latest().sealed_at).total_seconds(), 0.0)
    except queries.NoCheckpoint:
        return 0.0


PROBES = (
    Probe(
        name="sealing",
        label="Sealing of the log",
        scope=Scope.TENANT,
        read=read,
        limits=Limits(oldest_seconds=20.0, idle_seconds=30.0),
        advice="Events are kept, proofs of the newest ones have to wait. Is `manage.py project`"
        " running, and is the master key there?",
    ),
)
