"""Sums of the stores over a range of days: what the queries stand on. Rows in, numbers out.

A ``Scope`` with segment or type ``None`` sums over all of them; null journeys belong to every
conversion type. In a scope of new customers a conversion counts where it is the first of its type
of its person, and nothing has a value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from django.db import connection

from attribution.store.packed import rounded, sections
from attribution.store.stored_paths import Columns, StoredPaths, gather
from attribution.store.words import DEVICES, NULLS


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Days, both included, and what to look at: ids, ``None`` for everything.

    ``new_customers``: of the conversions only those that won one.
    """

    start: date
    end: date
    dimension: int
    segment: tuple[int, ...] | None
    conversion_type: int | None
    new_customers: bool = False

    def parameters(self, **more: Any) -> dict[str, Any]:
        """The scope as named parameters of the statements below."""
        return {
            "start": self.start,
            "end": self.end,
            "dimension": self.dimension,
            "segment": None if self.segment is None else list(self.segment),
            "kind": self.conversion_type,
            "nulls": NULLS,
            "devices": _DEVICES,
            **more,
        }


_DEVICES = list(range(len(DEVICES)))
_SEGMENT = (
    # Always a list of segments, never "any": the index is entered once for each of them.
    "segment = ANY (CASE WHEN %(segment)s::smallint[] IS NULL"
    " THEN %(devices)s::smallint[] || ARRAY(SELECT id FROM attribution_segment)"
    " ELSE %(segment)s::smallint[] END)"
)
_KIND = "(%(kind)s::integer IS NULL OR conversion_type = %(kind)s OR conversion_type = %(nulls)s)"
_DAYS = "day BETWEEN %(start)s AND %(end)s"
_WHERE = f"{_DAYS} AND {_SEGMENT} AND {_KIND}"
_COUNTED = {
    False: {
        "credit": "credit", "value": "value", "squares": "value_squares", "journeys": "journeys",
        "alone": "unattributed", "alone_value": "unattributed_value",
    },
    True: {
        "credit": "acquired", "value": "0", "squares": "0",
        "journeys": f"(CASE conversion_type WHEN {NULLS} THEN journeys ELSE acquired END)",
        "alone": "unattributed_acquired", "alone_value": "0",
    },
}  # fmt: skip
"""What the statements below sum, by whether new customers alone count."""

_CREDIT = (
    "SELECT key, sum({credit})::bigint, sum({value})::bigint FROM attribution_daily_credit"  # noqa: S608  # constants
    f" WHERE dimension = %(dimension)s AND model = %(model)s AND {_WHERE} GROUP BY key"
)
_CREDIT_DAYS = (
    "SELECT key, day, sum({credit})::bigint, sum({value})::bigint FROM attribution_daily_credit"  # noqa: S608  # constants
    f" WHERE dimension = %(dimension)s AND model = %(model)s AND {_WHERE} GROUP BY key, day"
)
_SPLIT = (
    "coalesce(sum({journeys}) FILTER (WHERE conversion_type <> %(nulls)s), 0)::bigint,"
    " coalesce(sum(journeys) FILTER (WHERE conversion_type = %(nulls)s), 0)::bigint,"
    " sum({value})::bigint"
)
_TRANSITIONS = (
    f"SELECT before, after, {_SPLIT} FROM attribution_daily_transition"  # noqa: S608  # constants
    f" WHERE dimension = %(dimension)s AND {_WHERE} GROUP BY before, after"
)
_PATHS = (
    "SELECT conversion_type <> %(nulls)s, string_agg(uuid_send(digest), ''),"  # noqa: S608  # constants
    " string_agg(int4send(length(path)), ''),"
    " string_agg(path, ''), string_agg(int8send({journeys}), ''),"
    " string_agg(int8send({value}), '') FILTER (WHERE conversion_type <> %(nulls)s),"
    " string_agg(float8send({squares}::float8), '')"
    " FILTER (WHERE conversion_type <> %(nulls)s)"
    f" FROM attribution_daily_path WHERE dimension = %(dimension)s AND {_WHERE}"
    " GROUP BY conversion_type <> %(nulls)s"
    # In the same statement, so that what is packed meanwhile is seen once.
    " UNION ALL SELECT conversion_type <> %(nulls)s, data, NULL, NULL, NULL, NULL, NULL"
    f" FROM attribution_packed_path WHERE dimension = %(dimension)s AND {_WHERE}"
)
_TOTALS = (
    f"SELECT day, {_SPLIT}, sum({{alone}})::bigint, sum({{alone_value}})::bigint"  # noqa: S608  # constants
    f" FROM attribution_daily_total WHERE {_WHERE} GROUP BY day"
)
_TOUCHES = (
    "SELECT key, sum(touches)::bigint, sum(clicks)::bigint, sum(impressions)::bigint"  # noqa: S608  # constants
    f" FROM attribution_daily_touch WHERE dimension = %(dimension)s AND {_DAYS} AND {_SEGMENT}"
    " GROUP BY key"
)
_TOUCH_DAYS = (
    "SELECT day, sum(touches)::bigint FROM attribution_daily_touch"  # noqa: S608  # constants
    f" WHERE dimension = 0 AND {_DAYS} AND {_SEGMENT} GROUP BY day"
)
SPENT = (
    "(SELECT day, channel, source, campaign, cost + touch_cost AS cost, impressions, clicks"
    " FROM attribution_spend UNION ALL"
    " SELECT day, channel, source, campaign, coalesce(value, 0), 0, 0"
    " FROM attribution_foreign_cost) AS spent"
)
"""Cost in the tenant's currency: its own, and foreign cost at the rate of its day."""

_SPEND = (
    "SELECT CASE %(dimension)s::integer WHEN 0 THEN channel WHEN 1 THEN campaign ELSE source END,"  # noqa: S608  # constants
    " sum(cost)::bigint, sum(impressions)::bigint, sum(clicks)::bigint"
    f" FROM {SPENT} WHERE {_DAYS} GROUP BY 1"
)
_SPEND_DAYS = f"SELECT day, sum(cost)::bigint FROM {SPENT} WHERE {_DAYS} GROUP BY day"  # noqa: S608  # constants
_CHANNEL_DAYS = (
    f"SELECT channel, day, sum(cost)::bigint FROM {SPENT} WHERE {_DAYS} GROUP BY channel, day"  # noqa: S608  # constants
)


def rows(statement: str, parameters: dict[str, Any] | Sequence[Any]) -> list[Any]:
    """All rows of a constant ``statement``."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _counting(statement: str, scope: Scope) -> str:
    """``statement`` with the columns that ``scope`` counts."""
    return statement.format(**_COUNTED[scope.new_customers])


def credit(scope: Scope, model: int) -> dict[int, tuple[int, int]]:
    """Key -> (credit units, value units) under an additive model."""
    found = rows(_counting(_CREDIT, scope), scope.parameters(model=model))
    return {key: (units, value) for key, units, value in found if units or value}


def credit_days(scope: Scope, model: int) -> list[tuple[int, date, int, int]]:
    """(key, day, credit units, value units) under an additive model."""
    return rows(_counting(_CREDIT_DAYS, scope), scope.parameters(model=model))


def channel_days(scope: Scope) -> list[tuple[int, date, int]]:
    """(channel, day, cost units); spend knows no segment."""
    return rows(_CHANNEL_DAYS, scope.parameters())


def transitions(scope: Scope) -> list[tuple[int, int, int, int, int]]:
    """(before, after, converting journeys, null journeys, value units)."""
    return rows(_counting(_TRANSITIONS, scope), scope.parameters())


def paths(scope: Scope) -> StoredPaths:
    """The distinct paths with their converting and null journeys, value and its squares."""
    parts: dict[bool, list[Sequence[Any]]] = {True: [], False: []}
    with connection.cursor() as cursor, psycopg.Cursor(cursor.connection) as plain:
        plain.execute(_counting(_PATHS, scope), scope.parameters(), binary=True)
        for converting, first, *rest in plain:
            loose = rest[0] is not None
            parts[converting].append((first, *rest) if loose else _cell(first, converting, scope))
    both = [*parts[True], *parts[False]]
    digests, sizes, packed, journeys = (b"".join(each[n] for each in both) for n in range(4))
    value, squares = (b"".join(each[n] for each in parts[True]) for n in (4, 5))
    return gather(
        Columns(
            digests=digests, sizes=sizes, packed=packed, journeys=journeys, value=value,
            value_squares=squares,
        )
    )  # fmt: skip


def _cell(data: bytes, converting: bool, scope: Scope) -> tuple[Any, ...]:
    """A packed cell's columns as single rows send them."""
    found = sections(data)
    paths = (found.digests, found.sizes, found.packed)
    if not (converting and scope.new_customers):
        return (*paths, found.journeys, found.value, rounded(found.squares))
    nothing = bytes(len(found.value))
    return (*paths, found.acquired, nothing, nothing)


def totals(scope: Scope) -> dict[date, tuple[int, int, int, int, int]]:
    """Day -> (conversions, null journeys, value units, unattributed, unattributed value units)."""
    found = rows(_counting(_TOTALS, scope), scope.parameters())
    return {row[0]: tuple(row[1:]) for row in found}


def touches(scope: Scope) -> dict[int, tuple[int, int, int]]:
    """Key -> (touches, clicks among them, impressions among them), by the touch's own segment."""
    return {row[0]: (row[1], row[2], row[3]) for row in rows(_TOUCHES, scope.parameters())}


def touch_days(scope: Scope) -> dict[date, int]:
    """Day -> touches."""
    return dict(rows(_TOUCH_DAYS, scope.parameters()))


def spend(scope: Scope) -> dict[int, tuple[int, int, int]]:
    """Key -> (cost units, impressions, clicks); spend knows no segment."""
    return {row[0]: (row[1], row[2], row[3]) for row in rows(_SPEND, scope.parameters())}


def spend_days(scope: Scope) -> dict[date, int]:
    """Day -> cost units."""
    return dict(rows(_SPEND_DAYS, scope.parameters()))


def labels(dimension: int) -> dict[int, str]:
    """Id -> label of a dimension; labels that are empty in the log read "(not set)"."""
    found = rows("SELECT id, label FROM attribution_name WHERE dimension = %s", [dimension])
    return {key: label or "(not set)" for key, label in found}


def ids(dimension: int) -> dict[str, int]:
    """Label -> id of a dimension, as shown."""
    return {label: key for key, label in labels(dimension).items()}


def checkpoint() -> tuple[int, int]:
    """(xid, position) up to which the log has been projected."""
    found = rows(
        "SELECT xid::text::bigint, position FROM subscription WHERE name = %s", ["attribution"]
    )
    return (found[0][0], found[0][1]) if found else (0, 0)
