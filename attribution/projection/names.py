"""Labels to small ids. Ids are given in log order, so a rebuild gives the same ones."""

from collections.abc import Iterable

from django.db import connection

from attribution.projection import membership, tables
from attribution.store.words import (
    DEVICES,
    DIRECT,
    FIRST_PROFILE,
    FIRST_SEGMENT,
    NO_PROFILE,
    segment_of,
)

Label = tuple[int, str]
_COLUMNS = (("id", "integer"), ("dimension", "smallint"), ("label", "text"))
_SEGMENT_COLUMNS = (("id", "smallint"), ("label", "text"))


def intern(labels: Iterable[Label]) -> dict[Label, int]:
    """The ids of ``labels`` (dimension, text), new ones made in the order given."""
    wanted = list(labels)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name.dimension, name.label, name.id"
            " FROM unnest(%s::smallint[], %s::text[]) AS given (dimension, label)"
            " JOIN attribution_name AS name USING (dimension, label)",
            [[dimension for dimension, _ in wanted], [text for _, text in wanted]],
        )
        known = {(dimension, text): key for dimension, text, key in cursor.fetchall()}
        fresh = [label for label in wanted if label not in known]
        if fresh:
            cursor.execute("SELECT coalesce(max(id), 0) FROM attribution_name")
            (last,) = cursor.fetchone()
            rows = [(last + index, *label) for index, label in enumerate(fresh, start=1)]
            tables.insert("attribution_name", _COLUMNS, rows)
            known.update({(dimension, text): key for key, dimension, text in rows})
    return known


def segments() -> dict[int, str]:
    """Id -> label of every segment: the device classes, and those that were given an id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, label FROM attribution_segment ORDER BY id")
        return {**dict(enumerate(DEVICES)), **dict(cursor.fetchall())}


def segment_groups() -> dict[str, tuple[int, ...]]:
    """Label -> ids of everything a report may be restricted to.

    A device is counted over all profiles, a profile over all devices; both together, and segments
    of any other kind, are one id each.
    """
    profiles = membership.names()
    groups: dict[str, tuple[int, ...]] = {label: (key,) for key, label in segments().items()}
    for device, label in enumerate(DEVICES):
        groups[label] = (device, *(segment_of(device, number) for number in profiles))
    for number, label in profiles.items():
        groups[label] = tuple(segment_of(device, number) for device in range(len(DEVICES)))
    if profiles:
        groups[NO_PROFILE] = tuple(range(len(DEVICES)))
    return groups


def intern_segments(labels: Iterable[str]) -> dict[str, int]:
    """The ids of segments by their labels, new ones made in the order given."""
    known = {label: key for key, label in segments().items()}
    fresh = [label for label in dict.fromkeys(labels) if label not in known]
    last = max((key for key in known.values() if key < FIRST_PROFILE), default=0)
    given = range(max(FIRST_SEGMENT, last + 1), FIRST_PROFILE)
    rows = list(zip(given, fresh, strict=False))
    tables.insert("attribution_segment", _SEGMENT_COLUMNS, rows)
    return {**known, **{label: key for key, label in rows}}


def direct() -> int:
    """The id of the direct channel, -1 before it was ever seen."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM attribution_name WHERE dimension = 0 AND label = %s", [DIRECT]
        )
        row = cursor.fetchone()
    return int(row[0]) if row else -1
