"""What the worker wrote at the last fit: replaced as a whole, summed by reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from attribution.contracts import By, Model
from attribution.learned.compute import Credits, Details
from attribution.models import Fit
from attribution.projection import sums
from attribution.store.words import DIMENSIONS, NULLS

_EPOCH = date(1970, 1, 1)
_COPY = """
COPY attribution_learned_credit
    (model, dimension, day, conversion_type, segment, key, credit, value, credit_squares,
     value_squares)
FROM STDIN
"""
_SUMS = """
SELECT key, sum(credit), sum(value), sum(credit_squares), sum(value_squares)
FROM attribution_learned_credit
WHERE model = %(model)s AND dimension = %(dimension)s AND day BETWEEN %(start)s AND %(end)s
  AND (%(segment)s::smallint[] IS NULL OR segment = ANY (%(segment)s))
  AND (%(kind)s::integer IS NULL OR conversion_type = %(kind)s)
GROUP BY key
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """A key's conversions and value with their variances."""

    credit: float
    value: float
    credit_variance: float
    value_variance: float


def replace(
    model: Model,
    credits_: Mapping[By, Credits],
    *,
    details: Details,
    journeys: int,
    now: datetime,
    log: tuple[int, int],
) -> None:
    """Put a fit's credit in the place of the last one's, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM attribution_learned_credit WHERE model = %s", [str(model)])
        with cursor.cursor.copy(_COPY) as copy:
            for by, found in credits_.items():
                for row in _rows(model, by, found):
                    copy.write_row(row)
        Fit.objects.update_or_create(
            model=str(model),
            defaults={
                "fitted_at": now,
                "xid": log[0],
                "position": log[1],
                "journeys": journeys,
                "details": details,
            },
        )


def _rows(model: Model, by: By, found: Credits) -> Any:
    dimension = DIMENSIONS.index(by)
    columns = (getattr(found, name).tolist() for name in Credits.__dataclass_fields__)
    for day, kind, segment, key, *amounts in zip(*columns, strict=True):
        yield (str(model), dimension, _EPOCH + timedelta(days=day), kind, segment, key, *amounts)


def earned(model: Model, scope: sums.Scope) -> dict[int, Earned]:
    """Key -> what it earned in the scope under the last fit."""
    found = sums.rows(_SUMS, scope.parameters(model=str(model), nulls=NULLS))
    return {
        key: Earned(credit=c, value=v, credit_variance=cs, value_variance=vs)
        for key, c, v, cs, vs in found
    }


def last_fit(model: Model) -> Fit | None:
    """When and on what the model was fitted last; ``None`` before the first time."""
    return Fit.objects.filter(model=str(model)).first()
