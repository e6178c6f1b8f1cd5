"""The active tenant's subject keys: made on first use, looked up once per batch, deleted once.

Unwrapped keys are remembered by the process, so that people who send many events cost one look-up.
What is remembered belongs to an *epoch* of the tenant; every erasure begins a new one, and whoever
seals says which epoch its request belongs to. To open, keys are always read anew.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction

from eventlog.keys import wrap as wrapping
from eventlog.keys.store import tenant_keys
from eventlog.subjects.memory import ERASED, KEYLESS, Memory, State
from eventlog.tenancy import active_tenant

REMEMBERED = 262_144  # some 70 MB
# Texts instead of arrays: the driver writes those one element at a time.
_READ = "SELECT subject, wrapped FROM subject_key WHERE subject = ANY(string_to_array(%s, ','))"
_ADD = """
INSERT INTO subject_key (subject, wrapped)
SELECT subject, decode(wrapped, 'hex')
FROM unnest(string_to_array(%s, ','), string_to_array(%s, ',')) AS made (subject, wrapped)
ORDER BY 1
ON CONFLICT DO NOTHING RETURNING subject
"""
_ERASE = """
INSERT INTO subject_key AS known (subject, erased_at)
SELECT name, %s FROM unnest(%s::text[]) AS name ORDER BY 1
ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, erased_at = excluded.erased_at
WHERE known.erased_at IS NULL
"""


_memory = Memory(REMEMBERED)


def states(
    subjects: Iterable[str], *, needed: Iterable[str], epoch: int | None, now: datetime
) -> dict[str, State]:
    """The state of each of ``subjects``; those ``needed`` get a key if they have none.

    ``epoch`` is the tenant's when the request began; without one nothing remembered is used.
    """
    schema = active_tenant()
    asked = set(subjects)
    found = _memory.recall(schema, epoch, asked) if epoch is not None else {}
    missing = asked - found.keys()
    lacking = {name for name in needed if found.get(name) == KEYLESS}
    if not missing and not lacking:
        return found
    read = _read(sorted(missing), schema, now) if missing else {}
    lacking |= {name for name in needed if read.get(name) == KEYLESS}
    if lacking:
        read |= _made(sorted(lacking), schema, now)
    if epoch is not None:  # a key counts once it is stored for good
        transaction.on_commit(lambda: _memory.learn(schema, epoch, read))
    return found | read


def ciphers(subjects: Sequence[str], *, now: datetime) -> dict[str, AESGCM]:
    """The keys of those of ``subjects`` that have one, read anew: for opening."""
    schema = active_tenant()
    found = _read(list(subjects), schema, now)
    return {name: AESGCM(state) for name, state in found.items() if isinstance(state, bytes)}


def unerased(subjects: Sequence[str]) -> tuple[str, ...]:
    """Those of ``subjects`` that were not erased before, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject FROM subject_key WHERE subject = ANY(%s) AND erased_at IS NOT NULL",
            [list(subjects)],
        )
        erased = {subject for (subject,) in cursor.fetchall()}
    return tuple(subject for subject in subjects if subject not in erased)


def erase(subjects: Sequence[str], *, now: datetime) -> int:
    """Delete the keys of ``subjects`` for good, in the caller's transaction; returns how many.

    Subjects without a key are marked too: nothing will be sealed for them. The caller begins a new
    epoch in the same transaction.
    """
    active_tenant()
    with connection.cursor() as cursor:
        cursor.execute(_ERASE, [now, list(subjects)])
        return int(cursor.rowcount)


def _read(subjects: list[str], schema: str, now: datetime) -> dict[str, State]:
    with connection.cursor() as cursor:
        cursor.execute(_READ, [",".join(subjects)])  # pseudonyms: no comma in any
        rows = cursor.fetchall()
    found: dict[str, State] = dict.fromkeys(subjects, KEYLESS)
    keys = tenant_keys(now=now) if any(wrapped for _, wrapped in rows) else ()
    for subject, wrapped in rows:
        found[subject] = (
            ERASED
            if wrapped is None
            else wrapping.unwrap(bytes(wrapped), under=keys, context=context(schema, subject))
        )
    return found


def _made(subjects: list[str], schema: str, now: datetime) -> dict[str, State]:
    """New keys; where another process was faster, its own."""
    under = tenant_keys(now=now)[0]
    keys = {subject: wrapping.new_key() for subject in subjects}
    wrapped = [
        wrapping.wrap(key, under=under, context=context(schema, subject)).hex()
        for subject, key in keys.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [",".join(subjects), ",".join(wrapped)])
        mine = {subject for (subject,) in cursor.fetchall()}
    found: dict[str, State] = {name: key for name, key in keys.items() if name in mine}
    others = sorted(keys.keys() - mine)
    return found | _read(others, schema, now) if others else found


def context(schema: str, subject: str) -> str:
    """What a subject's key is wrapped for."""
    return f"subject key of {subject} in {schema}"
