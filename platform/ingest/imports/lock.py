"""One process at a time runs an import: an advisory lock, which the server frees with its holder.

So an import that says it is running while nobody holds its lock was left by a process that died.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from eventlog.tenancy import active_tenant
from ingest.models import Import


@contextmanager
def held(import_id: int) -> Iterator[bool]:
    """Whether this process has the import to itself for the length of the block.

    The lock is the connection's, not a transaction's: an import commits batch by batch.
    """
    name = [f"ingest.import:{active_tenant()}:{import_id}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", name)
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", name)


def abandoned(below: str) -> tuple[int, ...]:
    """The running imports of files under the folder ``below`` that no process holds."""
    running = Import.objects.filter(status=Import.Status.RUNNING, path__startswith=below)
    return tuple(job for job in running.values_list("pk", flat=True).order_by("pk") if _free(job))


def _free(import_id: int) -> bool:
    with held(import_id) as mine:
        return mine
