"""Bulk writes: rows in as columns, one statement per table, never a scan of a whole table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """An additive table: its key columns, columns that only describe the key, and the sums.

    Columns are (name, SQL type); ``extra`` columns follow the key in each row. Sums are bigint,
    but for the ``wide`` ones, which are numeric.
    """

    table: str
    key: tuple[tuple[str, str], ...]
    sums: tuple[str, ...]
    extra: tuple[tuple[str, str], ...] = ()
    wide: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """All columns in the order of a row."""
        kinds = ("numeric" if name in self.wide else "bigint" for name in self.sums)
        return (*self.key, *self.extra, *zip(self.sums, kinds, strict=True))


_DAY = ("day", "date")
_DIMENSION = ("dimension", "smallint")
_GROUP = (_DAY, ("conversion_type", "integer"), ("segment", "smallint"))
CREDIT = Store(
    table="attribution_daily_credit",
    key=(_DIMENSION, ("model", "smallint"), *_GROUP, ("key", "integer")),
    sums=("credit", "value", "acquired"),
)
TRANSITION = Store(
    table="attribution_daily_transition",
    key=(_DIMENSION, *_GROUP, ("before", "integer"), ("after", "integer")),
    sums=("journeys", "value", "acquired"),
)
PATH = Store(
    table="attribution_daily_path",
    key=(_DIMENSION, *_GROUP, ("digest", "uuid")),
    extra=(("path", "bytea"),),
    sums=("journeys", "value", "value_squares", "acquired"),
    wide=("value_squares",),
)
TOTAL = Store(
    table="attribution_daily_total",
    key=_GROUP,
    sums=(
        "journeys",
        "touches",
        "value",
        "unattributed",
        "unattributed_value",
        "acquired",
        "unattributed_acquired",
    ),
)
TOUCH = Store(
    table="attribution_daily_touch",
    key=(_DIMENSION, _DAY, ("segment", "smallint"), ("key", "integer")),
    sums=("touches", "clicks", "impressions"),
)
STORES = (CREDIT, TRANSITION, PATH, TOTAL, TOUCH)


def add(store: Store, deltas: Mapping[Any, Sequence[int]], *, negative: bool = False) -> None:
    """Add ``deltas`` (key and extra columns -> sums) to the store; rows that reach zero go.

    A row falls to zero, unless there are ``negative`` ones, which rise to it. Keys are written in
    order, so that two tenants' or two servers' statements never deadlock.
    """
    if not deltas:
        return
    columns = list(zip(*((*key, *sums) for key, sums in sorted(deltas.items())), strict=True))
    _execute(_upsert(store), columns, store.columns)
    falling = [key for key, sums in deltas.items() if negative or min(sums) < 0]
    if falling:
        keys = list(zip(*falling, strict=True))[: len(store.key)]
        _execute(_sweep(store), keys, store.key)


def _upsert(store: Store) -> sql.Composed:
    described = store.columns
    table = sql.Identifier(store.table)
    return sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {values} FROM unnest({arrays}) AS given ({names})"
        " ON CONFLICT ({key}) DO UPDATE SET {changes}"
    ).format(
        table=table,
        names=_names(name for name, _ in described),
        values=sql.SQL(", ").join(
            sql.SQL("{}::{}").format(sql.Identifier(name), sql.SQL(kind))
            for name, kind in described
        ),
        arrays=_arrays(described),
        key=_names(name for name, _ in store.key),
        changes=sql.SQL(", ").join(
            sql.SQL("{name} = {table}.{name} + excluded.{name}").format(
                name=sql.Identifier(name), table=table
            )
            for name in store.sums
        ),
    )


def _sweep(store: Store) -> sql.Composed:
    """Delete the given keys whose sums have all become zero.

    Each row is looked up by its key and deleted by its place: joined to the keys directly, a table
    without statistics (a new tenant's first import) is read whole, once for each key.
    """
    return sql.SQL(
        "DELETE FROM {table} WHERE {zero} AND ctid = ANY(ARRAY("
        "SELECT found.ctid FROM unnest({arrays}) AS given ({names}), LATERAL"
        " (SELECT ctid FROM {table} AS kept WHERE {same} AND {zero} LIMIT 1) AS found))"
    ).format(
        table=sql.Identifier(store.table),
        arrays=_arrays(store.key),
        names=_names(name for name, _ in store.key),
        same=sql.SQL(" AND ").join(
            sql.SQL("kept.{name} = given.{name}").format(name=sql.Identifier(name))
            for name, _ in store.key
        ),
        zero=sql.SQL(" AND ").join(
            sql.SQL("{name} = 0").format(name=sql.Identifier(name)) for name in store.sums
        ),
    )


def insert(
    table: str,
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[Any]],
    *,
    conflict: str = "",
    returning: str | None = None,
) -> list[Any]:
    """Insert ``rows`` in their order; ``conflict`` is the ON CONFLICT clause (a constant).

    Returns the column ``returning`` of the rows that were written.
    """
    if not rows:
        return []
    statement = sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {values} FROM unnest({arrays}) AS given ({names}) "
    ).format(
        table=sql.Identifier(table),
        names=_names(name for name, _ in columns),
        values=sql.SQL(", ").join(
            sql.SQL("{}::{}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in columns
        ),
        arrays=_arrays(columns),
    ) + sql.SQL(conflict)
    if returning is not None:
        statement += sql.SQL(" RETURNING {}").format(sql.Identifier(returning))
    given = list(zip(*rows, strict=True))
    return _execute(statement, given, columns, fetch=returning is not None)


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY ``rows`` into a table none of them is in yet."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _names(columns))
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row(row)


def truncate() -> None:
    """Empty every read model of the active tenant."""
    tables = (
        *(store.table for store in STORES),
        "attribution_name",
        "attribution_segment",
        "attribution_identity",
        "attribution_touchpoint",
        "attribution_conversion",
        "attribution_journey",
        "attribution_spend",
        "attribution_foreign_cost",
        "attribution_rate",
        "attribution_link",
        "attribution_rules",
        "attribution_rework",
        "attribution_verdict",
        "attribution_decision",
        "attribution_credit_move",
        "attribution_moved_journey",
        "attribution_live_effects",
        "attribution_packed_path",
        "attribution_expiring",
    )
    with connection.cursor() as cursor:
        statement = sql.SQL("TRUNCATE {}").format(_names(tables))
        cursor.execute(statement.as_string(cursor.connection))


def _names(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)


def _arrays(columns: Sequence[tuple[str, str]]) -> sql.Composed:
    """One array parameter per column."""
    return sql.SQL(", ").join(sql.SQL("%s::{}[]").format(sql.SQL(kind)) for _, kind in columns)


def _execute(
    statement: sql.Composed,
    columns: Sequence[Sequence[Any]],
    described: Sequence[tuple[str, str]],
    *,
    fetch: bool = False,
) -> list[Any]:
    arrays = [_array(given, kind) for given, (_, kind) in zip(columns, described, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(cursor.connection), arrays)
        return [row[0] for row in cursor.fetchall()] if fetch else []


def literal(values: Iterable[object]) -> str:
    """An array literal of numbers, dates or ids: nothing in them needs quoting.

    The driver looks at each element for characters to quote, which costs more than the statement.
    """
    return "{" + ",".join(map(str, values)) + "}"


def _array(values: Sequence[Any], kind: str) -> list[Any] | str:
    if kind in ("text", "timestamptz"):
        return list(values)
    if kind == "bytea":
        return literal(rf"\\x{value.hex()}" for value in values)
    return literal(values)
