"""Group people anew from all their links, and re-key the rows of those who moved."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import connection
from psycopg import sql

from attribution.journeys.people import Grouping, Link, Turns, group
from attribution.journeys.rules import SharedDevices
from attribution.projection import membership, tables
from attribution.projection.sums import rows

_MICROSECONDS = "(extract(epoch FROM occurred_at) * 1000000)::bigint"
_NEAR = """
WITH RECURSIVE reached (subject) AS (
    SELECT unnest(%s::text[])
    UNION
    SELECT near.subject FROM reached, LATERAL (
        SELECT other AS subject FROM attribution_link AS l WHERE l.subject = reached.subject
        UNION ALL
        SELECT subject FROM attribution_link AS l WHERE l.other = reached.subject
    ) AS near
)
SELECT subject, other, (extract(epoch FROM occurred_at) * 1000000)::bigint, xid, position, claim
FROM attribution_link WHERE subject IN (SELECT subject FROM reached)
"""
_CLAIMS = (
    f"SELECT subject, {_MICROSECONDS}, xid, position, identity.person"  # noqa: S608  # constants
    " FROM attribution_link JOIN (SELECT subject AS other, person FROM attribution_identity)"
    " AS identity USING (other) WHERE claim AND subject = ANY(%s) ORDER BY 1, 2, 3, 4"
)
_TOUCHES = "attribution_touchpoint"
_TABLES = (_TOUCHES, "attribution_conversion")


def linked(subjects: Iterable[str]) -> list[Link]:
    """All links among those who are linked with ``subjects``, however far."""
    return [
        Link(subject, other, (at, xid, position), claim)
        for subject, other, at, xid, position, claim in rows(_NEAR, [sorted(set(subjects))])
    ]


def known(subjects: Sequence[str]) -> Grouping:
    """What is stored of ``subjects``."""
    found = rows(
        "SELECT subject, person, shared FROM attribution_identity WHERE subject = ANY(%s)",
        [list(subjects)],
    )
    shared = [subject for subject, _, by_turns in found if by_turns]
    turns: dict[str, list[tuple[tuple[int, int, int], str]]] = defaultdict(list)
    for subject, at, xid, position, person in rows(_CLAIMS, [shared]) if shared else ():
        turns[subject].append(((at, xid, position), person))
    return Grouping(
        person={subject: person for subject, person, _ in found},
        turns={
            subject: Turns(moments=[m for m, _ in each], people=[p for _, p in each])
            for subject, each in turns.items()
        },
    )


def regroup(
    subjects: Collection[str], policy: SharedDevices, *, links: Sequence[Link] | None = None
) -> set[str]:
    """Group all who are linked with ``subjects`` anew; returns the persons whose rows moved.

    ``links``: those there are among them, where they are known already.
    """
    if not subjects:
        return set()
    links = linked(subjects) if links is None else links
    grouping = group(links, policy)
    members = sorted({*subjects, *grouping.person})
    before = known_persons(members)
    _store(members, before, grouping)
    return _rekey({before.get(each, (each, False))[0] for each in members}, grouping)


def known_persons(subjects: Sequence[str]) -> dict[str, tuple[str, bool]]:
    """Subject -> (person, whether shared) of those stored."""
    found = rows(
        "SELECT subject, person, shared FROM attribution_identity WHERE subject = ANY(%s)",
        [list(subjects)],
    )
    return {subject: (person, shared) for subject, person, shared in found}


def _store(
    members: Sequence[str], before: Mapping[str, tuple[str, bool]], grouping: Grouping
) -> None:
    after = {
        subject: (person, subject in grouping.turns) for subject, person in grouping.person.items()
    }
    stale = [each for each in members if each in before and before[each] != after.get(each)]
    if stale:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM attribution_identity WHERE subject = ANY(%s)", [stale])
    tables.insert(
        "attribution_identity",
        (("subject", "text"), ("person", "text"), ("shared", "boolean")),
        [
            (each, *after[each])
            for each in members
            if each in after and before.get(each) != after[each]
        ],
    )


def _rekey(persons: set[str], grouping: Grouping) -> set[str]:
    moved: set[str] = set()
    for table in _TABLES:
        found = rows(
            f"SELECT position, subject, {_MICROSECONDS}, xid, person FROM {table}"  # noqa: S608  # constants
            " WHERE person = ANY(%s)",
            [sorted(persons)],
        )
        changed: dict[int, tuple[str, str]] = {}
        for position, subject, at, xid, person in found:
            now = grouping.of(subject, (at, xid, position))
            if now != person:
                changed[position] = (person, now)
                moved |= {person, now}
        if table == _TOUCHES:
            membership.rekey(changed)
        _update(table, {position: now for position, (_, now) in changed.items()})
    return moved


def _update(table: str, person_of: Mapping[int, str]) -> None:
    if not person_of:
        return
    statement = sql.SQL(
        "UPDATE {} AS stored SET person = given.person"
        " FROM unnest(%s::bigint[], %s::text[]) AS given (position, person)"
        " WHERE stored.position = given.position"
    ).format(sql.Identifier(table))
    with connection.cursor() as cursor:
        cursor.execute(
            statement.as_string(cursor.connection), [list(person_of), list(person_of.values())]
        )
