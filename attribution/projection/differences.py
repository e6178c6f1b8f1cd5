"""Rows of a report against one of them, from the samples their intervals came from."""

import numpy as np

from attribution.contracts import AttributionReport, CreditRow
from attribution.credit.paths import Floats
from attribution.credit.verdict import against, against_variance
from attribution.money.figures import Difference, Differences, Metric
from attribution.projection.certainty import Spread
from kernel.errors import InvalidInput


class NoSuchBaseline(InvalidInput):
    """The baseline is no row of the report, or has no such figure."""

    code = "no_such_baseline"
    title = "Nothing to compare with"


def compare(
    found: AttributionReport, spread: Spread | None, *, baseline: str, metric: Metric
) -> Differences:
    """The rows that have the metric against ``baseline``; raises ``NoSuchBaseline``."""
    rows = [row for row in found.rows if _amount(row, metric) is not None]
    named = next((row for row in rows if row.label == baseline), None)
    if named is None:
        raise NoSuchBaseline(f"{baseline} has no {metric} in these days.", field="baseline")
    amount = _amount(named, metric)
    if spread is None:
        return Differences(baseline=baseline, metric=metric, amount=amount, rows=None)
    places = {key: place for place, key in enumerate(spread.keys)}
    kept = [row for row in rows if row.key in places]
    if named not in kept:
        return Differences(baseline=baseline, metric=metric, amount=amount, rows=())
    point, low, high = _bounded(kept, spread, places, kept.index(named), metric)
    differences = [
        Difference(
            key=row.key,
            label=row.label,
            amount=_amount(row, metric) or 0.0,
            point=float(point[place]),
            low=float(low[place]),
            high=float(high[place]),
        )
        for place, row in enumerate(kept)
        if row is not named and np.isfinite(low[place])
    ]
    differences.sort(key=lambda each: (-each.point, each.label))
    return Differences(baseline=baseline, metric=metric, amount=amount, rows=tuple(differences))


def _bounded(
    rows: list[CreditRow], spread: Spread, places: dict[int, int], base: int, metric: Metric
) -> tuple[Floats, Floats, Floats]:
    amounts = np.array([_amount(row, metric) or 0.0 for row in rows])
    cost = np.array([row.cost for row in rows])
    chosen = [places[row.key] for row in rows]
    column = 1 if metric in (Metric.VALUE, Metric.ROAS) else 0
    if spread.draws is not None:
        return against(amounts, _drawn(spread.draws[chosen, column], cost, metric), base)
    variance = spread.variance if spread.variance is not None else np.zeros((len(places), 2))
    return against_variance(amounts, _varied(variance[chosen, column], amounts, cost, metric), base)


def _drawn(draws: Floats, cost: Floats, metric: Metric) -> Floats:
    """Samples of the metric; a sample without a conversion has the CPA of half of one."""
    if metric is Metric.ROAS:
        return draws / cost[:, None]
    if metric is Metric.CPA:
        found: Floats = cost[:, None] / np.maximum(draws, 0.5)
        return found
    return draws


def _varied(variance: Floats, amounts: Floats, cost: Floats, metric: Metric) -> Floats:
    """Variances of the metric; of the CPA by the delta method."""
    if metric is Metric.ROAS:
        return variance / cost**2
    if metric is Metric.CPA:
        found: Floats = variance * amounts**4 / cost**2
        return found
    return variance


def _amount(row: CreditRow, metric: Metric) -> float | None:
    return {
        Metric.CONVERSIONS: row.conversions,
        Metric.VALUE: row.value,
        Metric.ROAS: row.roas,
        Metric.CPA: row.cpa,
    }[metric]
