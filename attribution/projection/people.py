"""Who is who: links between subjects make persons; a person's id is its least subject.

The least of a set does not depend on the order of the links, so neither does the outcome.
"""

from collections.abc import Iterable, Sequence

from django.db import connection
from psycopg import sql

from attribution.projection import membership, tables

_REKEY = tuple(
    sql.SQL(
        "UPDATE {} SET person = given.new"
        " FROM unnest(%s::text[], %s::text[]) AS given (old, new) WHERE person = given.old"
    ).format(sql.Identifier(table))
    for table in ("attribution_identity", "attribution_touchpoint", "attribution_conversion")
)


def union(links: Iterable[tuple[str, str]], person_of: dict[str, str]) -> dict[str, str]:
    """The persons that change: old id -> new id, after joining both sides of every link.

    ``person_of`` maps known subjects to persons; an unknown subject is its own person. Pure.
    """
    parent: dict[str, str] = {}

    def root(person: str) -> str:
        while (above := parent.setdefault(person, person)) != person:
            parent[person] = person = parent[above]
        return person

    for left, right in links:
        one, other = root(person_of.get(left, left)), root(person_of.get(right, right))
        if one != other:
            parent[max(one, other)] = min(one, other)
    return {person: root(person) for person in list(parent) if root(person) != person}


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


def stitch(subjects: set[str], links: Sequence[tuple[str, str]]) -> tuple[dict[str, str], set[str]]:
    """Store ``links`` and re-key what moved: (subject -> person, persons that were merged away)."""
    person_of = persons(sorted(subjects))
    moved = union(links, person_of)
    linked = {subject for pair in links for subject in pair}
    fresh = sorted(linked - person_of.keys())
    for subject in subjects:
        old = person_of.get(subject, subject)
        person_of[subject] = moved.get(old, old)
    if moved:
        membership.merge(moved)
        pairs = [list(moved), list(moved.values())]
        with connection.cursor() as cursor:
            for statement in _REKEY:
                cursor.execute(statement.as_string(cursor.connection), pairs)
    tables.insert(
        "attribution_identity",
        (("subject", "text"), ("person", "text")),
        [(subject, person_of[subject]) for subject in fresh],
    )
    return person_of, set(moved)
