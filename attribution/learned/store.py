"""What the worker wrote at the last fit: replaced as a whole, summed by reports."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from attribution.contracts import By, Model
from attribution.learned import notes, touches
from attribution.learned.compute import Credits, Learned
from attribution.models import Fit, LearnedCredit
from attribution.projection import sums
from attribution.store.words import DIMENSIONS, NULLS

_EPOCH = date(1970, 1, 1)
_COPY = """
COPY attribution_learned_credit
    (model, dimension, day, conversion_type, segment, key, credit, value, credit_squares,
     value_squares, sure, acquired, acquired_squares)
FROM STDIN
"""
_SUMS = """
SELECT key, {sums}, sum(sure) FROM attribution_learned_credit
WHERE model = %(model)s AND dimension = %(dimension)s AND day BETWEEN %(start)s AND %(end)s
  AND (%(segment)s::smallint[] IS NULL OR segment = ANY (%(segment)s))
  AND (%(kind)s::integer IS NULL OR conversion_type = %(kind)s)
GROUP BY key
"""
_COUNTED = {
    False: "sum(credit), sum(value), sum(credit_squares), sum(value_squares)",
    True: "sum(acquired), 0::float8, sum(acquired_squares), 0::float8",
}
"""What is summed, by whether new customers alone count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """A key's conversions and value with their variances; ``sure`` is credit times confidence."""

    credit: float
    value: float
    credit_variance: float
    value_variance: float
    sure: float


def replace(
    model: Model, found: Learned, *, journeys: int, now: datetime, log: tuple[int, int]
) -> None:
    """Put a fit's credit in the place of the last one's, all of it at one moment.

    The sums are few and go in the transaction of that moment; the touches are many and wait for it.
    """
    generation = touches.write(model, found.touches)
    with transaction.atomic(), connection.cursor() as cursor:
        LearnedCredit.objects.filter(model=str(model)).delete()
        with cursor.cursor.copy(_COPY) as copy:
            for by, credits_ in found.credits.items():
                for row in _rows(model, by, credits_):
                    copy.write_row(row)
        _record(
            model, now=now, log=log, journeys=journeys, details=found.details, missing=False,
            generation=generation,
        )  # fmt: skip
    touches.sweep(model, kept=generation)


def missing(model: Model, *, now: datetime, log: tuple[int, int]) -> None:
    """Record that ``model`` can't be fitted here, and forget what was."""
    with transaction.atomic():
        LearnedCredit.objects.filter(model=str(model)).delete()
        _record(model, now=now, log=log, journeys=0, details={}, missing=True, generation=0)
    touches.sweep(model, kept=0)


def _record(model: Model, *, now: datetime, log: tuple[int, int], **found: Any) -> None:
    place = {"fitted_at": now, "xid": log[0], "position": log[1]}
    Fit.objects.update_or_create(model=str(model), defaults={**place, **found})


def _rows(model: Model, by: By, found: Credits) -> Any:
    dimension = DIMENSIONS.index(by)
    columns = (getattr(found, name).tolist() for name in Credits.__dataclass_fields__)
    for day, kind, segment, key, *amounts in zip(*columns, strict=True):
        yield (str(model), dimension, _EPOCH + timedelta(days=day), kind, segment, key, *amounts)


def earned(model: Model, scope: sums.Scope) -> dict[int, Earned]:
    """Key -> what it earned in the scope under the last fit."""
    statement = _SUMS.format(sums=_COUNTED[scope.new_customers])
    found = sums.rows(statement, scope.parameters(model=str(model), nulls=NULLS))
    return {
        key: Earned(credit=c, value=v, credit_variance=cs, value_variance=vs, sure=sure)
        for key, c, v, cs, vs, sure in found
    }


def last_fit(model: Model) -> Fit | None:
    """When and on what the model was fitted last; ``None`` before the first time."""
    return Fit.objects.filter(model=str(model), missing=False).first()


def note(model: Model) -> str:
    """What a reader of the model's credit should know of its fit."""
    found = Fit.objects.filter(model=str(model)).first()
    return notes.note(model, found.details, missing=found.missing) if found else ""
