"""Customers won and what each cost: credit for conversions that are the first of their type.

Every model shares out the first conversions as it shares out all of them, over the same journeys
and null journeys. Cost per acquired customer (CAC) is cost by that credit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from attribution.contracts import Model
from attribution.projection import certainty, report, sums
from attribution.projection.certainty import Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Won:
    """New customers: credited to each key, in all, and those that no touch led to.

    ``bounds`` is ``None`` while the worker computes them.
    """

    credit: Mapping[int, float]
    bounds: Mapping[int, Bounds] | None
    attributed: int
    unattributed: int

    @property
    def pending(self) -> bool:
        """Whether the worker is still computing the intervals."""
        return self.bounds is None

    def of(self, key: int, cost: float) -> dict[str, Any]:
        """The figures of a key that cost so much, by the names of ``CreditRow``."""
        amount = self.credit.get(key, 0.0)
        found = {"new_customers": amount, "cac": report.cost_per(cost, amount)}
        bounds = (self.bounds or {}).get(key)
        if bounds is None:
            return found
        return found | {
            "new_customers_low": bounds.low,
            "new_customers_high": bounds.high,
            "cac_low": report.cost_per(cost, bounds.high),
            "cac_high": report.cost_per(cost, bounds.low),
        }


def won(model: Model, scope: sums.Scope, order: int, *, intervals: bool, wait: bool = False) -> Won:
    """The new customers of a scope under a model; ``wait`` as ``certainty.bounds`` has it."""
    first = replace(scope, new_customers=True)
    conversions, nulls, _, alone, _ = report.column_sums(sums.totals(first))
    earned, _ = report.credit(model, first, order, conversions - alone, 0)
    bounds: Mapping[int, Bounds] | None = {}
    if intervals:
        bounds = certainty.bounds(
            model, first, order, earned, journeys=conversions + nulls, wait=wait
        )
    return Won(
        credit={key: each[0] for key, each in earned.items()},
        bounds=bounds,
        attributed=conversions - alone,
        unattributed=alone,
    )
