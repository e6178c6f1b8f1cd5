"""Journeys as people see them: a list by cursor, and one person's journeys touch by touch."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from psycopg import sql

from attribution.contracts import JourneyDetail, JourneyItem, TouchDetail
from attribution.projection import names, people, sums, touch_credit
from attribution.projection.names import direct
from attribution.store.words import CONVERSION_TYPE, DEVICES, KINDS, MICRO, PRECISIONS
from kernel.errors import NotFound
from kernel.paging import Page, decode_cursor, encode_cursor

_COLUMNS = sql.SQL(
    "SELECT id, person, conversion_type, segment, value, channels, started_at, ended_at,"
    " positions, times, (extract(epoch FROM ended_at) * 1000000)::bigint"
    " FROM attribution_journey"
)
_TOUCHES = """
SELECT position, event_id, subject, occurred_at, kind, segment, channel, campaign, source, medium,
       coarse
FROM attribution_touchpoint WHERE person = %s
"""
_ORDERS = "SELECT position, order_id FROM attribution_conversion WHERE person = %s"
_LEAST_PREFIX = 6
_MOST = 500

Row = tuple[Any, ...]
Condition = tuple[str, Sequence[object]]


def items(*, cursor: str | None, limit: int, conditions: Sequence[Condition]) -> Page[JourneyItem]:
    """A page of journeys, newest end first, that meet all ``conditions`` (SQL, parameters)."""
    limit = max(1, min(limit, _MOST))
    asked = list(conditions)
    if cursor is not None:
        ended, key = decode_cursor(cursor, (str, int))
        asked.append(("(ended_at, id) < (%s::timestamptz, %s)", (_moment(str(ended)), key)))
    where = " AND ".join(text for text, _ in asked) or "TRUE"
    parameters = [value for _, values in asked for value in values]
    statement = _COLUMNS + sql.SQL(" WHERE " + where + " ORDER BY ended_at DESC, id DESC LIMIT %s")
    rows = _rows(statement, [*parameters, limit + 1])
    channels, kinds = sums.labels(0), sums.labels(CONVERSION_TYPE)
    segments = names.segments()
    page = [_item(row, channels, kinds, segments) for row in rows[:limit]]
    more = len(rows) > limit
    last = page[-1] if page else None
    return Page(
        items=page,
        next_cursor=encode_cursor(last.ended_at.isoformat(), last.id) if more and last else None,
    )


def conditions(
    *,
    converted: bool | None,
    channel: str | None,
    subjects: Sequence[str],
    conversion_type: str | None,
    start: date | None,
    end: date | None,
) -> list[Condition]:
    """The filters of the list as conditions; an unknown label matches nothing.

    ``subjects``: any of these names the person; the first may be the beginning of one. The days
    ``start`` and ``end``, both included, are those of a journey's end.
    """
    asked: list[Condition] = []
    if start is not None:
        asked.append(("ended_at >= %s", (_midnight(start),)))
    if end is not None:
        asked.append(("ended_at < %s", (_midnight(end) + timedelta(days=1),)))
    if converted is not None:
        asked.append(("conversion_type > 0" if converted else "conversion_type = 0", ()))
    if channel:
        asked.append(("channels @> ARRAY[%s]::integer[]", (sums.ids(0).get(channel, -1),)))
    if conversion_type:
        kind = sums.ids(CONVERSION_TYPE).get(conversion_type, -1)
        asked.append(("conversion_type = %s", (kind,)))
    if subjects:
        asked.append(_of_person(subjects))
    return asked


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _of_person(subjects: Sequence[str]) -> Condition:
    known = people.persons(list(subjects))
    exact = "person = ANY(%s)", ([known.get(each, each) for each in subjects],)
    start = subjects[0]
    if start in known or not _LEAST_PREFIX <= len(start) < 32:
        return exact
    return (
        f"({exact[0]} OR (person >= %s AND person < %s))",
        (*exact[1], start, start + "\U0010ffff"),
    )


def details(subject: str) -> tuple[str, tuple[str, ...], tuple[JourneyDetail, ...]]:
    """The person ``subject`` belongs to, its subjects, its journeys; raises ``NotFound``."""
    person = people.persons([subject]).get(subject, subject)
    rows = _rows(
        _COLUMNS + sql.SQL(" WHERE person = %s ORDER BY ended_at DESC, id DESC LIMIT %s"),
        [person, _MOST],
    )
    if not rows:
        raise NotFound("Nothing is known about this subject.", subject=subject)
    touches = {row[0]: row for row in sums.rows(_TOUCHES, [person])}
    orders = dict(
        sums.rows(
            "SELECT position, order_id FROM attribution_conversion WHERE person = %s", [person]
        )
    )
    labels = {dimension: sums.labels(dimension) for dimension in range(4)}
    segments = names.segments()
    credited = touch_credit.of([_walked(row) for row in rows], direct())
    found = [
        JourneyDetail(
            journey=_item(row, labels[0], labels[CONVERSION_TYPE], segments),
            order_id=orders.get(row[0], ""),
            touches=tuple(
                _touch(touches[position], labels, credit)
                for position, credit in zip(row[8], credited[row[0]], strict=True)
            ),
        )
        for row in rows
    ]
    subjects = sums.rows(
        "SELECT subject FROM attribution_identity WHERE person = %s ORDER BY subject", [person]
    )
    return person, tuple(text for (text,) in subjects) or (person,), tuple(found)


def _walked(row: Row) -> touch_credit.Walked:
    return touch_credit.Walked(
        id=row[0], converted=row[2] != 0, ended=row[10], times=row[9], channels=row[5]
    )


def _touch(
    row: Row, labels: Mapping[int, Mapping[int, str]], touch: touch_credit.Touch
) -> TouchDetail:
    return TouchDetail(
        at=row[3],
        channel=labels[0][row[6]],
        source=labels[2][row[8]],
        medium=row[9],
        campaign=labels[1][row[7]],
        device=DEVICES[row[5]],
        kind=KINDS[row[4]],
        event_id=str(row[1]),
        subject=row[2],
        credit=touch.credit,
        confidence=touch.confidence,
        precision=PRECISIONS[row[10]],
    )


def _item(
    row: Row, channels: Mapping[int, str], kinds: Mapping[int, str], segments: Mapping[int, str]
) -> JourneyItem:
    return JourneyItem(
        id=row[0],
        person=row[1],
        converted=row[2] != 0,
        conversion_type=kinds[row[2]] if row[2] else "",
        value=row[4] / MICRO,
        segment=segments[row[3]],
        touches=len(row[5]),
        path=tuple(channels[key] for key in row[5]),
        started_at=row[6],
        ended_at=row[7],
    )


def _moment(text: str) -> datetime:
    from kernel.paging import InvalidCursor

    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidCursor("This cursor is not one this list gave out.") from error


def _rows(statement: sql.Composable, parameters: Sequence[object]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(cursor.connection), list[Any](parameters))
        return list(cursor.fetchall())
