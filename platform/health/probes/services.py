"""The servers everything stands on."""

import os

from django.db import DatabaseError, InterfaceError, connection

from health import beats
from health.contracts import Reading
from health.registry import Probe, Scope

DATABASE, REDIS = "database", "redis"


def database() -> Reading:
    """Whether the database answers and takes writes."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery()")
            (standby,) = cursor.fetchone() or (False,)
    except (DatabaseError, InterfaceError):
        return Reading(away=True, detail="The database does not answer.")
    return Reading(away=bool(standby), detail="It takes no writes." if standby else "")


def redis() -> Reading:
    """Whether Redis answers."""
    try:
        beats.client(os.getpid()).ping()
    except beats.AWAY:
        return Reading(away=True, detail="Redis does not answer.")
    return Reading()


PROBES = (
    Probe(
        name=DATABASE,
        label="Database",
        scope=Scope.SERVICE,
        read=database,
        advice="Events are refused with 503 and Retry-After until it is back; senders keep them and"
        " try again. Look at the server's log and at its disk.",
    ),
    Probe(
        name=REDIS,
        label="Redis",
        scope=Scope.SERVICE,
        read=redis,
        advice="Events are taken as ever; live pages, background work and counters wait for it."
        " Start it again: nothing it holds is lost for good.",
    ),
)
