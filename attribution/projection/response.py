"""The days of the channels that cost something: what response curves are fitted to."""

from datetime import date, timedelta

import numpy as np

from attribution.contracts import LEARNED, Model
from attribution.projection import sums
from attribution.response.curve import Series
from attribution.store.words import ADDITIVE, MICRO, UNIT

_LEARNED = """
SELECT key, day, sum(credit), sum(value) FROM attribution_learned_credit
WHERE dimension = 0 AND model = %(model)s AND day BETWEEN %(start)s AND %(end)s
  AND (%(segment)s::smallint[] IS NULL OR segment = ANY (%(segment)s))
  AND (%(kind)s::integer IS NULL OR conversion_type = %(kind)s)
GROUP BY key, day
"""
COST, CONVERSIONS, VALUE = range(3)


def kept(model: Model) -> Model:
    """The model whose days stand for ``model``'s: a Markov chain has none, a Shapley value has."""
    return Model.SHAPLEY if model is Model.MARKOV else model


def series(
    scope: sums.Scope, model: Model, *, conversions: float, value: float
) -> dict[int, Series]:
    """Channel id -> its days, for the channels with cost in the range; dearest first.

    ``conversions`` and ``value`` (money) are what a fitted model's days are scaled to in all.
    """
    days = (scope.end - scope.start).days + 1
    found: dict[int, np.ndarray[tuple[int, ...], np.dtype[np.float64]]] = {}
    for channel, day, cost in sums.channel_days(scope):
        if cost > 0:
            found.setdefault(channel, np.zeros((3, days)))[COST, _place(scope, day)] = cost / MICRO
    earned = _earned(scope, kept(model), conversions, value)
    for channel, day, credit, worth in earned:
        if channel in found:
            place = _place(scope, day)
            found[channel][CONVERSIONS, place] = credit
            found[channel][VALUE, place] = worth
    labels = sums.labels(scope.dimension)
    order = sorted(found, key=lambda each: (-found[each][COST].sum(), each))
    return {
        channel: Series(
            label=labels.get(channel, str(channel)),
            cost=found[channel][COST],
            conversions=found[channel][CONVERSIONS],
            value=found[channel][VALUE],
        )
        for channel in order
    }


def _earned(
    scope: sums.Scope, model: Model, conversions: float, value: float
) -> list[tuple[int, date, float, float]]:
    if model not in LEARNED:
        rows = sums.credit_days(scope, ADDITIVE.index(model))
        return [(key, day, units / UNIT, worth / MICRO) for key, day, units, worth in rows]
    fitted = sums.rows(_LEARNED, scope.parameters(model=str(model)))
    caused, money = sum(row[2] for row in fitted), sum(row[3] for row in fitted)
    one, other = (conversions / caused if caused else 0.0), (value / money if money else 0.0)
    return [(key, day, credit * one, worth * other) for key, day, credit, worth in fitted]


def _place(scope: sums.Scope, day: date) -> int:
    return (day - scope.start) // timedelta(days=1)
