"""A tenant's files on their way in."""

from datetime import timedelta

from django.db import DatabaseError, InterfaceError

from health.contracts import Limits, Reading
from health.registry import Probe, Scope
from ingest.models import Import
from kernel import clock

_OPEN = (Import.Status.WAITING, Import.Status.RUNNING)
_RECENT = timedelta(days=1)


def read() -> Reading:
    """Files that wait or run, and how many stopped with an error since yesterday."""
    now = clock.now()
    try:
        begun = list(Import.objects.filter(status__in=_OPEN).values_list("created_at", flat=True))
        failed = Import.objects.filter(
            status=Import.Status.FAILED, created_at__gt=now - _RECENT
        ).count()
    except (DatabaseError, InterfaceError):
        return Reading(unseen=True, detail="Can't be seen while the database is away.")
    return Reading(
        waiting=len(begun),
        oldest_seconds=max(((now - each).total_seconds() for each in begun), default=0.0),
        detail=f"{failed} stopped with an error since yesterday." if failed else "",
    )


PROBES = (
    Probe(
        name="imports",
        label="File imports",
        scope=Scope.TENANT,
        read=read,
        limits=Limits(oldest_seconds=1_800.0),
        advice="The import page shows each file, how far it is and why one stopped; it can be"
        " resumed there.",
    ),
)
