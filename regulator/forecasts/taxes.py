"""The tax that a forecast means, by the operator's dated rates. Pure, in whole smallest units.

A month's tax is that of its returns: an operator that files by the week owes by the week, so its
brackets begin anew each week. Where the rates change within a month, each rate counts for the share
of days it holds.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import numpy as np

from regulator.contracts import Rates, TaxBase
from regulator.detectors.anomaly import Floats
from regulator.forecasts.panel import first_day, last_day
from regulator.operators import tax

_MONTH_DAYS = 30.4


def of_month(
    rates: Sequence[Rates], month: int, *, stakes: float, ggr: float, period_days: float = 31.0
) -> int | None:
    """The tax on a month's forecast; ``None`` before the first rates.

    ``period_days`` is how long the operator's returns are.
    """
    start, end = first_day(month), last_day(month)
    edges = sorted({start, *(each.since for each in rates if start < each.since <= end)})
    edges.append(end + timedelta(days=1))
    parts = max(round(_MONTH_DAYS / period_days), 1)
    due, told = 0.0, False
    for low, high in pairwise(edges):
        held = tax.in_force(rates, low)
        if held is None:
            continue
        told = True
        base = ggr if held.base is TaxBase.GGR else stakes
        share = (high - low).days / (edges[-1] - start).days
        due += share * parts * tax.due(round(base / parts), held.brackets)
    return round(due) if told else None


def of_months(
    rates: Sequence[Rates], first: int, *, stakes: Floats, ggr: Floats, period_days: float = 31.0
) -> list[int | None]:
    """The tax on each month from ``first`` on."""
    return [
        of_month(rates, first + place, stakes=staked, ggr=kept, period_days=period_days)
        for place, (staked, kept) in enumerate(zip(stakes.tolist(), ggr.tolist(), strict=True))
    ]


def ending(ggr: Floats, off: float) -> Floats:
    """The months of a year whose GGR is ``off`` more than ``ggr`` in all, spread by their size.

    Taxes rise with GGR, so the tax of the year that ends at an edge of its total's interval is the
    edge of the tax's interval: bounds of months are never added.
    """
    size = np.abs(ggr)
    spread = size / size.sum() if size.sum() > 0 else np.full(ggr.shape, 1 / max(ggr.size, 1))
    return ggr + off * spread
