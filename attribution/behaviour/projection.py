"""From events to read model: what every subject did; and everybody's histories, by person.

Kept by subject, so that whom two subjects turn out to be changes nothing here: persons come in when
histories are read. A batch costs what its subjects have done lately, never what the tenant has.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from django.db import connection

from attribution.behaviour import reading
from attribution.behaviour.history import Histories, histories, joined, since
from attribution.projection import tables
from attribution.projection.facts import microseconds
from eventlog import catalogue
from eventlog.contracts import StoredEvent

_COLUMNS = (("subject", "text"), ("acts", "bytea"))
_REPLACED = "ON CONFLICT (subject) DO UPDATE SET acts = excluded.acts"
_KNOWN = "SELECT subject, acts FROM attribution_behaviour WHERE subject = ANY(%s)"
_GONE = "DELETE FROM attribution_behaviour WHERE subject = ANY(%s)"
_ERASED, _EXPIRED = "subject.erased", "log.expired"
_PAGE = """
SELECT subject, acts FROM attribution_behaviour WHERE subject > %s ORDER BY subject LIMIT %s
"""
_AT_ONCE = 5_000
_EVERYBODY = """
SELECT coalesce(identity.person, behaviour.subject), behaviour.acts
FROM attribution_behaviour AS behaviour LEFT JOIN attribution_identity AS identity USING (subject)
"""


def handle(events: Sequence[StoredEvent]) -> None:
    """Apply a batch in log order, inside the caller's transaction."""
    fresh: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for event in events:
        if event.type == _ERASED:
            _forget(catalogue.decode(event).subjects, fresh)
        elif event.type == _EXPIRED:
            _expire(datetime.fromisoformat(catalogue.decode(event).before), fresh)
        elif event.type in reading.RELEVANT and event.subject:
            act = reading.act(event.type, catalogue.decode(event))
            if act is not None:
                fresh[event.subject].append((microseconds(event.occurred_at), act.packed()))
    if not fresh:
        return
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [sorted(fresh)])
        known = {subject: bytes(acts) for subject, acts in cursor.fetchall()}
    rows = [
        (subject, joined(known.get(subject, b""), acts)) for subject, acts in sorted(fresh.items())
    ]
    tables.insert("attribution_behaviour", _COLUMNS, rows, conflict=_REPLACED)


def _forget(subjects: Sequence[str], fresh: dict[str, list[tuple[int, int]]]) -> None:
    """What erased ``subjects`` did so far is gone; should one come back, it is somebody new."""
    for subject in subjects:
        fresh.pop(subject, None)
    with connection.cursor() as cursor:
        cursor.execute(_GONE, [list(subjects)])


def _expire(before: datetime, fresh: dict[str, list[tuple[int, int]]]) -> None:
    """What was done before a moment is gone, of everybody."""
    moment, after = microseconds(before), ""
    for subject, acts in list(fresh.items()):
        fresh[subject] = [act for act in acts if act[0] >= moment]
        if not fresh[subject]:
            del fresh[subject]
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_PAGE, [after, _AT_ONCE])
            page = [(subject, bytes(acts)) for subject, acts in cursor.fetchall()]
            if not page:
                return
            after = page[-1][0]
            left = [(subject, acts, since(acts, moment)) for subject, acts in page]
            cursor.execute(_GONE, [[subject for subject, _, kept in left if not kept]])
            changed = [(who, kept) for who, acts, kept in left if kept and kept != acts]
            tables.insert("attribution_behaviour", _COLUMNS, changed, conflict=_REPLACED)


def reset() -> None:
    """Empty the read model; a rebuild starts so."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE attribution_behaviour")


def everybody() -> tuple[tuple[str, ...], Histories]:
    """All persons in order of their ids, and what they did."""
    with connection.cursor() as cursor:
        cursor.execute(_EVERYBODY)
        return _by_person(cursor.fetchall())


def _by_person(rows: Sequence[tuple[str, bytes]]) -> tuple[tuple[str, ...], Histories]:
    people = tuple(sorted({person for person, _ in rows}))
    place = {person: number for number, person in enumerate(people)}
    whose = np.array([place[person] for person, _ in rows], dtype=np.int64)
    return people, histories([bytes(acts) for _, acts in rows], whose, len(people))
