"""The active tenant's subject keys: made on first use, looked up once per batch, deleted once.

Unwrapped keys are remembered by the process, so that people who send many events cost one look-up.
What is remembered belongs to an *epoch* of the tenant; every erasure begins a new one, and whoever
seals says which epoch its request belongs to. To open, keys are always read anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction

from eventlog.keys import wrap as wrapping
from eventlog.keys.store import tenant_keys
from eventlog.tenancy import active_tenant

REMEMBERED = 32_768
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


@dataclass(frozen=True, slots=True)
class Erased:
    """In place of a key: the subject was erased."""


@dataclass(frozen=True, slots=True)
class Keyless:
    """In place of a key: nothing was sealed for this subject yet."""


ERASED, KEYLESS = Erased(), Keyless()
State = AESGCM | Erased | Keyless


class Memory:
    """At most ``size`` states by (schema, subject), each tenant's of its latest epoch alone."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._states: dict[tuple[str, str], State] = {}
        self._epochs: dict[str, int] = {}
        self._lock = Lock()

    def recall(self, schema: str, epoch: int, subjects: Iterable[str]) -> dict[str, State]:
        """What is known of ``subjects``; a newer epoch than the one known forgets the tenant."""
        with self._lock:
            if self._epochs.get(schema) != epoch:
                self._forget(schema, epoch)
                return {}
            states = self._states
            pairs = ((subject, states.get((schema, subject))) for subject in subjects)
            return {subject: state for subject, state in pairs if state is not None}

    def learn(self, schema: str, epoch: int, found: dict[str, State]) -> None:
        """Remember ``found``, unless a newer epoch has begun; the oldest make room."""
        with self._lock:
            if self._epochs.get(schema) != epoch:
                return
            self._states.update({(schema, subject): state for subject, state in found.items()})
            for key in list(self._states)[: max(len(self._states) - self._size, 0)]:
                del self._states[key]

    def _forget(self, schema: str, epoch: int) -> None:
        if epoch < self._epochs.get(schema, epoch):
            return  # a request that began before an erasure, and ends after it
        self._epochs[schema] = epoch
        self._states = {key: state for key, state in self._states.items() if key[0] != schema}


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
    return {name: state for name, state in found.items() if isinstance(state, AESGCM)}


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
            else AESGCM(
                wrapping.unwrap(bytes(wrapped), under=keys, context=context(schema, subject))
            )
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
    found: dict[str, State] = {name: AESGCM(key) for name, key in keys.items() if name in mine}
    others = sorted(keys.keys() - mine)
    return found | _read(others, schema, now) if others else found


def context(schema: str, subject: str) -> str:
    """What a subject's key is wrapped for."""
    return f"subject key of {subject} in {schema}"
