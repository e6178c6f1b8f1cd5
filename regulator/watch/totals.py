"""Totals of a market read as columns: PostgreSQL's binary copy, a row of numbers of fixed length.

A quarter of a hundred operators' hours is a million rows; an object for each would take longer than
all detectors together.
"""

from datetime import datetime, timedelta

import numpy as np
from django.db import connection

from regulator.contracts import GameType
from regulator.figures.projection import ALL, DAY, HOUR
from regulator.watch.market import FIGURES, Totals
from regulator.watch.market import HOUR as AN_HOUR

_READ = """
COPY (
    SELECT (o.place - 1)::int4, (g.place - 1)::int4,
           ((date_part('epoch', t.start)::bigint - %(start)s) / %(step)s)::int4,
           t.stakes, t.payouts, t.refunds, t.events
    FROM regulator_total t
    JOIN unnest(%(operators)s::text[]) WITH ORDINALITY AS o (name, place) ON o.name = t.operator
    JOIN unnest(%(games)s::text[]) WITH ORDINALITY AS g (name, place) ON g.name = t.game
    WHERE t.span = %(span)s
      AND t.start >= to_timestamp(%(start)s) AND t.start < to_timestamp(%(end)s)
) TO STDOUT (FORMAT binary)
"""
_KEYS = ("operator", "game", "step")
_ROW = np.dtype(
    [
        ("fields", ">i2"),
        *((name, ">i4") for key in _KEYS for name in (f"{key} length", key)),
        *(
            (name, kind)
            for key in FIGURES
            for name, kind in ((f"{key} length", ">i4"), (key, ">i8"))
        ),
    ]
)
_BEFORE, _AFTER = 19, 2
"""Bytes of the copy's header without extensions, and of its trailer."""


def read(operators: tuple[str, ...], *, start: datetime, end: datetime, step: timedelta) -> Totals:
    """All operators' hours or days from ``start`` until before ``end``, by game and of all."""
    games = (ALL, *GameType)
    asked = {
        "operators": list(operators), "games": [str(game) for game in games],
        "span": HOUR if step == AN_HOUR else DAY, "start": int(start.timestamp()),
        "end": int(end.timestamp()), "step": int(step.total_seconds()),
    }  # fmt: skip
    connection.ensure_connection()
    with connection.cursor() as cursor, cursor.copy(_READ, asked) as copy:
        said = b"".join(copy)
    rows = np.frombuffer(said[_BEFORE : len(said) - _AFTER], dtype=_ROW)
    return Totals(
        operators=operators, games=tuple(map(str, games)),
        **{key: rows[key].astype(np.int64) for key in _KEYS},
        figures=np.stack([rows[key].astype(np.float64) for key in FIGURES]),
    )  # fmt: skip
