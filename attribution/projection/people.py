"""Who is who, as stored: links are kept, people follow from them, and rows from people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from attribution.journeys.people import Grouping, union
from attribution.journeys.rules import SharedDevices
from attribution.projection import membership, regroup, tables
from attribution.projection.facts import LinkFact, microseconds
from eventlog.contracts import StoredEvent

_REKEY = tuple(
    sql.SQL(
        "UPDATE {} SET person = given.new"
        " FROM unnest(%s::text[], %s::text[]) AS given (old, new) WHERE person = given.old"
    ).format(sql.Identifier(table))
    for table in ("attribution_identity", "attribution_touchpoint", "attribution_conversion")
)
_LINK = (
    ("position", "bigint"), ("xid", "bigint"), ("subject", "text"), ("other", "text"),
    ("occurred_at", "timestamptz"), ("claim", "boolean"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class People:
    """Whom the events of a batch are about, and the persons whose rows have moved."""

    grouping: Grouping
    moved: set[str]

    def of(self, event: StoredEvent) -> str:
        """The person of an event, whose subject is one of the batch's."""
        if event.subject not in self.grouping.turns:
            return self.grouping.person.get(event.subject, event.subject)
        moment = (microseconds(event.occurred_at), event.xid, event.position)
        return self.grouping.of(event.subject, moment)


def persons(subjects: Sequence[str]) -> dict[str, str]:
    """The stored persons of those ``subjects`` that were ever linked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject, person FROM attribution_identity WHERE subject = ANY(%s)",
            [list(subjects)],
        )
        return dict(cursor.fetchall())


def of_the_same(subjects: Sequence[str]) -> set[str]:
    """Every subject of the persons that ``subjects`` belong to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject FROM attribution_identity WHERE person IN"
            " (SELECT person FROM attribution_identity WHERE subject = ANY(%s))",
            [list(subjects)],
        )
        return {subject for (subject,) in cursor.fetchall()}


def stitch(subjects: set[str], links: Sequence[LinkFact], policy: SharedDevices) -> People:
    """Store ``links``, re-key what moved, and say who the ``subjects`` of the batch are."""
    _keep(links)
    if policy is SharedDevices.LATEST:
        moved = regroup.regroup({each for pair in _pairs(links) for each in pair}, policy)
        return People(regroup.known(sorted(subjects)), moved)
    return _joined(subjects, links)


def _keep(links: Sequence[LinkFact]) -> None:
    rows = [
        (
            link.event.position, link.event.xid, link.event.subject, link.other,
            link.event.occurred_at, link.claim,
        )
        for link in links
    ]  # fmt: skip
    tables.copy("attribution_link", [name for name, _ in _LINK], rows)


def _pairs(links: Iterable[LinkFact]) -> list[tuple[str, str]]:
    return [(link.event.subject, link.other) for link in links]


def _joined(subjects: set[str], links: Sequence[LinkFact]) -> People:
    """Every link joins, so what is stored of the people alone decides who moves."""
    pairs = _pairs(links)
    person_of = persons(sorted(subjects))
    moved = union(pairs, person_of)
    fresh = sorted({subject for pair in pairs for subject in pair} - person_of.keys())
    for subject in subjects:
        old = person_of.get(subject, subject)
        person_of[subject] = moved.get(old, old)
    if moved:
        membership.merge(moved)
        columns = [list(moved), list(moved.values())]
        with connection.cursor() as cursor:
            for statement in _REKEY:
                cursor.execute(statement.as_string(cursor.connection), columns)
    tables.insert(
        "attribution_identity",
        (("subject", "text"), ("person", "text"), ("shared", "boolean")),
        [(subject, person_of[subject], False) for subject in fresh],
    )
    touched = {person_of[subject] for pair in pairs for subject in pair} if moved else set()
    return People(Grouping(person=person_of, turns={}), set(moved) | touched)
