"""Put sums together into reports: credit rows, totals, the overview's series."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from attribution.contracts import (
    LEARNED,
    CreditRow,
    CreditTotals,
    DayFigures,
    Figures,
    Freshness,
    Model,
)
from attribution.learned import store as learned
from attribution.learned.store import Earned
from attribution.projection import sums
from attribution.projection.certainty import Bounds
from attribution.store import chains
from attribution.store.weights import HALF_LIFE_DAYS
from attribution.store.words import ADDITIVE, MICRO, UNIT
from eventlog import subscriptions
from eventlog.contracts import Cursor
from kernel.errors import InvalidInput

if TYPE_CHECKING:
    from attribution.projection.acquisition import Won

Credits = Mapping[int, tuple[float, float]]


class InvalidOrder(InvalidInput):
    """Markov chains are offered of orders 1 to 4."""

    code = "invalid_order"
    title = "Invalid order"


def ratio(above: float, below: float) -> float | None:
    """``above / below``, ``None`` where there is nothing to divide by."""
    return above / below if below else None


def cost_per(cost: float, conversions: float) -> float | None:
    """Cost per conversion; ``None`` without cost or without conversions."""
    return cost / conversions if cost and conversions else None


def params(model: Model, order: int) -> dict[str, float | int]:
    """The parameters a model was computed with."""
    if model is Model.MARKOV:
        return {"order": order}
    if model is Model.TIME_DECAY:
        return {"half_life_days": HALF_LIFE_DAYS}
    if model is Model.POSITION:
        return {"first": 0.4, "last": 0.4}
    return {}


def credit(
    model: Model, scope: sums.Scope, order: int, conversions: int, value: int
) -> tuple[Credits, dict[int, float]]:
    """Key -> (conversions, money), and removal effects where the model has them.

    ``conversions`` and ``value`` (units) are what is to be shared out: those with touches.
    """
    if model in LEARNED:
        return _scaled(learned.earned(model, scope), conversions, value / MICRO), {}
    if model is not Model.MARKOV:
        found = sums.credit(scope, ADDITIVE.index(model))
        return {key: (c / UNIT, v / MICRO) for key, (c, v) in found.items()}, {}
    if not 1 <= order <= 4:
        raise InvalidOrder("The order of a Markov chain is 1, 2, 3 or 4.", order=order)
    effects = (
        chains.of_transitions(sums.transitions(scope))
        if order == 1
        else chains.of_paths(sums.paths(scope), order)
    )
    share, money = chains.shares(effects.conversions), chains.shares(effects.value)
    credits_ = {
        key: (share.get(key, 0.0) * conversions, money.get(key, 0.0) * value / MICRO)
        for key in effects.conversions
    }
    return credits_, effects.conversions


def confidence(model: Model, scope: sums.Scope) -> dict[int, float]:
    """Key -> how far the ensemble's members agree on its touches, weighted by credit."""
    if model is not Model.ENSEMBLE:
        return {}
    earned = learned.earned(model, scope)
    return {key: each.sure / each.credit for key, each in earned.items() if each.credit > 0}


def _scaled(earned: Mapping[int, Earned], conversions: float, value: float) -> Credits:
    """Credit of all that happened in the range.

    It sums to that already, but for what happened since the fit: that is shared out alike.
    """
    caused = sum(each.credit for each in earned.values())
    money = sum(each.value for each in earned.values())
    return {
        key: (
            each.credit * conversions / caused if caused else 0.0,
            each.value * value / money if money else 0.0,
        )
        for key, each in earned.items()
    }


def beyond_cost(roas: float | None) -> float | None:
    """What came back beyond the cost, per unit of it: (value - cost) / cost."""
    return None if roas is None else roas - 1


def credit_rows(
    scope: sums.Scope,
    credits_: Credits,
    effects: Mapping[int, float],
    conversions: int,
    bounds: Mapping[int, Bounds],
    confidence: Mapping[int, float],
    *,
    won: "Won | None" = None,
) -> tuple[CreditRow, ...]:
    """A row for every key with credit, touches or cost; most conversions first."""
    touches, spend, labels = sums.touches(scope), sums.spend(scope), sums.labels(scope.dimension)
    rows = []
    for key in credits_.keys() | touches.keys() | spend.keys():
        earned, value = credits_.get(key, (0.0, 0.0))
        cost = spend.get(key, (0, 0, 0))[0] / MICRO
        rows.append(
            CreditRow(
                key=key,
                label=labels.get(key, str(key)),
                conversions=earned,
                value=value,
                cost=cost,
                cpa=cost_per(cost, earned),
                roas=ratio(value, cost),
                roi=beyond_cost(ratio(value, cost)),
                share=earned / conversions if conversions else 0.0,
                touches=touches.get(key, (0, 0, 0))[0],
                removal_effect=effects.get(key),
                confidence=confidence.get(key),
                **_certainty(bounds.get(key), cost),
                **(won.of(key, cost) if won else {}),
            )
        )
    return tuple(sorted(rows, key=lambda row: (-row.conversions, -row.value, row.label)))


def _certainty(bounds: Bounds | None, cost: float) -> dict[str, Any]:
    """A row's bounds and standing by the names of ``CreditRow``."""
    if bounds is None:
        return {}
    roas_low, roas_high = ratio(bounds.value_low, cost), ratio(bounds.value_high, cost)
    return {
        "conversions_low": bounds.low,
        "conversions_high": bounds.high,
        "value_low": bounds.value_low,
        "value_high": bounds.value_high,
        "roas_low": roas_low,
        "roas_high": roas_high,
        "roi_low": beyond_cost(roas_low),
        "roi_high": beyond_cost(roas_high),
        "cpa_low": cost_per(cost, bounds.high),
        "cpa_high": cost_per(cost, bounds.low),
        "standing": bounds.standing,
    }


def credit_totals(
    scope: sums.Scope, rows: tuple[CreditRow, ...], won: "Won | None" = None
) -> CreditTotals:
    """The report's sums; see ``CreditTotals``."""
    conversions, nulls, value, alone, alone_value = column_sums(sums.totals(scope))
    cost = sum(row.cost for row in rows)
    attributed, money = conversions - alone, (value - alone_value) / MICRO
    return CreditTotals(
        conversions=float(attributed),
        value=money,
        cost=cost,
        cpa=cost_per(cost, attributed),
        roas=ratio(money, cost),
        touches=sum(row.touches for row in rows),
        journeys=conversions + nulls,
        nulls=nulls,
        unattributed_conversions=alone,
        unattributed_value=alone_value / MICRO,
        roi=beyond_cost(ratio(money, cost)),
        new_customers=float(won.attributed) if won else None,
        unattributed_new_customers=won.unattributed if won else None,
        cac=cost_per(cost, won.attributed) if won else None,
    )


def column_sums(days: Mapping[date, tuple[int, int, int, int, int]]) -> tuple[int, ...]:
    """The sum of each column over the days."""
    return tuple(sum(row[i] for row in days.values()) for i in range(5))


def figures(days: tuple[DayFigures, ...]) -> Figures:
    """The headline of some days."""
    conversions = sum(day.conversions for day in days)
    revenue = sum(day.revenue for day in days)
    cost, new_customers = sum(day.cost for day in days), sum(day.new_customers for day in days)
    return Figures(
        conversions=conversions,
        new_customers=new_customers,
        revenue=revenue,
        cost=cost,
        roas=ratio(revenue, cost),
        cpa=cost_per(cost, conversions),
        cac=cost_per(cost, new_customers),
        journeys=sum(day.journeys for day in days),
        touches=sum(day.touches for day in days),
    )


def series(start: date, end: date) -> tuple[DayFigures, ...]:
    """Every day of the range, empty ones too."""
    scope = sums.Scope(start=start, end=end, dimension=0, segment=None, conversion_type=None)
    totals, touches, costs = sums.totals(scope), sums.touch_days(scope), sums.spend_days(scope)
    won = sums.totals(replace(scope, new_customers=True))
    days = []
    for offset in range((end - start).days + 1):
        day = start + timedelta(days=offset)
        conversions, nulls, value, _, _ = totals.get(day, (0, 0, 0, 0, 0))
        days.append(
            DayFigures(
                day=day,
                conversions=conversions,
                new_customers=won.get(day, (0,))[0],
                revenue=value / MICRO,
                cost=costs.get(day, 0) / MICRO,
                journeys=conversions + nulls,
                touches=touches.get(day, 0),
            )
        )
    return tuple(days)


def freshness() -> Freshness:
    """How far the projection is behind the log."""
    lag = next(lag for lag in subscriptions.lags() if lag.name == "attribution")
    return Freshness(waiting=lag.events, seconds=lag.seconds, log=Cursor(*sums.checkpoint()))
