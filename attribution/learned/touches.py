"""What single touches earn under the last fit: written in parts beside the last, then looked up.

One transaction over millions of rows would hold the log's horizon, and with it every reader of the
tenant, for as long as it writes. So a fit's rows go in part by part under a number of their own,
its generation; readers see the generation that the model's ``Fit`` names, and it is named last.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection

from attribution.contracts import Model
from attribution.learned.compute import TouchCredits
from attribution.projection import sums

AT_ONCE = 2_000
"""Journeys written, or removed, in one transaction."""

_COPY = """
COPY attribution_fitted_touch (journey, model, generation, credit, confidence) FROM STDIN
"""
_TOUCHED = """
SELECT journey, model, credit, confidence
FROM attribution_fitted_touch JOIN attribution_fit USING (model, generation)
WHERE journey = ANY(%s)
"""
# The key of the table begins with the journey, so each part goes on where the one before ended.
_SWEEP = """
WITH part AS (
    SELECT journey FROM attribution_fitted_touch
    WHERE model = %(model)s AND journey >= %(since)s ORDER BY journey LIMIT %(limit)s
), gone AS (
    DELETE FROM attribution_fitted_touch
    WHERE model = %(model)s AND generation <> %(kept)s
      AND journey BETWEEN (SELECT min(journey) FROM part) AND (SELECT max(journey) FROM part)
)
SELECT max(journey) + 1 FROM part
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What a journey's touches earn under a model, in order, and the confidence in it."""

    credit: list[float]
    confidence: list[float] | None


def write(model: Model, found: Sequence[TouchCredits]) -> int:
    """Write a fit's rows in transactions of ``AT_ONCE`` journeys; the number of its generation."""
    generation = secrets.randbits(62)
    rows = (row for touches in found for row in _rows(model, generation, touches))
    while part := list(islice(rows, AT_ONCE)):
        with connection.cursor() as cursor, cursor.cursor.copy(_COPY) as copy:
            for row in part:
                copy.write_row(row)
    return generation


def sweep(model: Model, *, kept: int) -> None:
    """Remove every other generation of ``model``, those of fits that never ended too."""
    since: int | None = -(2**63)
    while since is not None:
        with connection.cursor() as cursor:
            place: dict[str, Any] = {
                "model": str(model),
                "since": since,
                "kept": kept,
                "limit": AT_ONCE,
            }
            cursor.execute(_SWEEP, place)
            (since,) = cursor.fetchone() or (None,)


def touched(journeys: Sequence[int]) -> dict[int, dict[Model, Touched]]:
    """Journey -> model -> what its touches earn under the last fit: looked up, nothing computed."""
    found: dict[int, dict[Model, Touched]] = {}
    for journey, model, credit, confidence in sums.rows(_TOUCHED, [list(journeys)]):
        earned = Touched(credit=credit, confidence=confidence)
        found.setdefault(journey, {})[Model(model)] = earned
    return found


def _rows(model: Model, generation: int, touches: TouchCredits) -> Iterator[tuple[Any, ...]]:
    credit, confidence = touches.credit.tolist(), touches.confidence
    sure = None if confidence is None else confidence.tolist()
    ends = touches.offsets.tolist()
    for number, journey in enumerate(touches.journey.tolist()):
        here = slice(ends[number], ends[number + 1])
        confident = sure[here] if sure is not None else None
        yield journey, str(model), generation, credit[here], confident
