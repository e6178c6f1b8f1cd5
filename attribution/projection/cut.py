"""Cut the journeys of the persons a batch touched anew, and say what changed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from types import MappingProxyType
from typing import Any

import numpy as np
from django.db import connection

from attribution.journeys.build import Config, Conversions, Touches, build
from attribution.journeys.merging import Report, merged
from attribution.journeys.rules import Merging, Views
from attribution.projection import membership, tables
from attribution.projection.standing import Standing
from attribution.store.record import Record
from attribution.store.words import IMPRESSION, NULLS, segment_of

_TOUCHES = """
SELECT person, (extract(epoch FROM occurred_at) * 1000000)::bigint, xid, position,
       segment, channel, campaign, source, kind, viewable, view_ms
FROM attribution_touchpoint WHERE person = ANY(%s) AND NOT rejected
"""
_CONVERSIONS = """
SELECT person, (extract(epoch FROM occurred_at) * 1000000)::bigint, xid, position,
       conversion_type, value, order_id, origin, merged_into
FROM attribution_conversion WHERE person = ANY(%s) AND merge_rule <> 1
"""
_MERGE = """
UPDATE attribution_conversion AS stored
SET merged_into = given.first, merge_rule = CASE WHEN given.first IS NULL THEN 0 ELSE 2 END
FROM unnest(%s::bigint[], %s::bigint[]) AS given (position, first)
WHERE stored.position = given.position
"""
_STORED = """
SELECT id, person, conversion_type, segment, (extract(epoch FROM started_at) * 1000000)::bigint,
       (extract(epoch FROM ended_at) * 1000000)::bigint, value,
       acquires, positions, times, channels, campaigns, sources
FROM attribution_journey WHERE person = ANY(%s)
"""
_SEGMENTS = """
UPDATE attribution_journey AS journey SET segment = given.segment
FROM unnest(%s::bigint[], %s::smallint[]) AS given (id, segment) WHERE journey.id = given.id
"""
_COLUMNS = (
    "id", "person", "conversion_type", "segment", "day", "started_at", "ended_at", "value",
    "acquires", "positions", "times", "channels", "campaigns", "sources",
)  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Row = tuple[Any, ...]


def recut(persons: set[str], standing: Standing) -> list[tuple[Record, int]]:
    """Bring the journey table up to date for ``persons``.

    Returns the journeys taken away (-1) and added (+1); an unchanged journey is in neither.
    """
    people = sorted(persons)
    before = {record.id: record for record in stored(people)}
    touches = [row for row in _rows(_TOUCHES, people) if _counts(row, standing.rules.views)]
    conversions = _once(_rows(_CONVERSIONS, people), standing.rules.merging)
    after = {
        record.id: record
        for record in records(
            touches,
            conversions,
            direct=standing.direct,
            config=standing.config,
            profiles=membership.profiles_of(people),
        )
    }
    gone = [record for record in before.values() if after.get(record.id) != record]
    fresh = [record for record in after.values() if before.get(record.id) != record]
    _store(gone, fresh)
    return [*((record, -1) for record in gone), *((record, 1) for record in fresh)]


def _counts(touch: Row, views: Views) -> bool:
    """Whether a touch may count at all: impressions only as the rules say."""
    kind, viewable, shown = touch[8:11]
    if kind != IMPRESSION:
        return True
    unseen = (views.viewable_only and viewable is False) or (
        shown is not None and shown < views.min_seconds * 1000
    )
    return views.count and not unseen


def _once(conversions: Sequence[Row], merging: Merging) -> list[Row]:
    """The reports that count; which others were merged into them is stored."""
    reports = [Report(row[3], row[2], row[0], row[1], *row[4:8]) for row in conversions]
    into = merged(reports, sources=merging.sources, minutes=merging.minutes)
    moved = [row[3] for row in conversions if row[8] != into.get(row[3])]
    if moved:
        with connection.cursor() as cursor:
            cursor.execute(_MERGE, [moved, [into.get(position) for position in moved]])
    return [row for row in conversions if row[3] not in into]


def records(
    touches: Sequence[Row],
    conversions: Sequence[Row],
    *,
    direct: int,
    config: Config,
    profiles: Mapping[str, int] = MappingProxyType({}),
) -> list[Record]:
    """Journeys of rows as ``_TOUCHES`` and ``_CONVERSIONS`` select them. Pure.

    ``profiles`` are the behavioural profiles of the persons who have one.
    """
    order = _log_order(touches, conversions)
    people = {
        person: number
        for number, person in enumerate(sorted({row[0] for row in chain(touches, conversions)}))
    }
    journeys = build(
        Touches(
            person=_column([people[row[0]] for row in touches]),
            at=_column([row[1] for row in touches]),
            order=order[: len(touches)],
            direct=_column([row[5] for row in touches]) == direct,
            channel=_column([row[5] for row in touches]),
            view=_column([row[8] for row in touches]) == IMPRESSION,
        ),
        Conversions(
            person=_column([people[row[0]] for row in conversions]),
            at=_column([row[1] for row in conversions]),
            order=order[len(touches) :],
            kind=_column([row[4] for row in conversions]),
        ),
        config,
    )
    bounds = journeys.offsets.tolist()
    rows = [touches[index] for index in journeys.touch.tolist()]
    first = journeys.first.tolist()
    return [
        _record(
            rows[bounds[j] : bounds[j + 1]], conversions[c] if c >= 0 else None, first[j], profiles
        )
        for j, c in enumerate(journeys.conversion.tolist())
    ]


def _record(
    touches: Sequence[Row], conversion: Row | None, acquires: bool, profiles: Mapping[str, int]
) -> Record:
    last = touches[-1] if touches else None
    ended = conversion[1] if conversion else touches[-1][1]
    person = conversion[0] if conversion else touches[0][0]
    return Record(
        id=conversion[3] if conversion else -touches[0][3],
        person=person,
        conversion_type=conversion[4] if conversion else NULLS,
        segment=segment_of(last[4] if last else 0, profiles.get(person, 0)),
        started=touches[0][1] if touches else ended,
        ended=ended,
        value=conversion[5] if conversion else 0,
        acquires=acquires,
        positions=tuple(row[3] for row in touches),
        times=tuple(row[1] for row in touches),
        channels=tuple(row[5] for row in touches),
        campaigns=tuple(row[6] for row in touches),
        sources=tuple(row[7] for row in touches),
    )


def _log_order(touches: Sequence[Row], conversions: Sequence[Row]) -> np.ndarray[Any, Any]:
    """Rank of each row by (xid, position)."""
    xid = _column([row[2] for row in chain(touches, conversions)])
    position = _column([row[3] for row in chain(touches, conversions)])
    ranks = np.empty(len(xid), dtype=np.int64)
    ranks[np.lexsort((position, xid))] = np.arange(len(xid))
    return ranks


def _column(values: list[int]) -> np.ndarray[Any, Any]:
    return np.array(values, dtype=np.int64)


def _rows(statement: str, people: list[str]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [people])
        return list(cursor.fetchall())


def stored(people: list[str]) -> list[Record]:
    """The journeys of persons as the table has them."""
    return [Record(*row[:8], *map(tuple, row[8:])) for row in _rows(_STORED, people)]


def _store(gone: Sequence[Record], fresh: Sequence[Record]) -> None:
    if gone:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM attribution_journey WHERE id = ANY(%s)",
                [[record.id for record in gone]],
            )
    if fresh:
        tables.copy(
            "attribution_journey",
            _COLUMNS,
            (
                (
                    *record[:4],
                    record.day,
                    _EPOCH + timedelta(microseconds=record.started),
                    _EPOCH + timedelta(microseconds=record.ended),
                    record.value,
                    record.acquires,
                    *map(tables.literal, record[8:]),
                )
                for record in fresh
            ),
        )


def put_segments(segments: Mapping[int, int]) -> None:
    """Journeys get another segment: id -> segment."""
    with connection.cursor() as cursor:
        cursor.execute(_SEGMENTS, [list(segments), list(segments.values())])
