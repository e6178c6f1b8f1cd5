"""From forecasts to what is said in the log: whole units that add up, and taxes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from regulator.contracts import Rates, TaxBase
from regulator.contracts_forecasts import ForecastMade, ForecastMonth, Span
from regulator.detectors.anomaly import Floats
from regulator.forecasts import taxes
from regulator.forecasts.ahead import Ahead
from regulator.forecasts.history import BOTH, Months
from regulator.forecasts.intervals import LEVEL
from regulator.forecasts.panel import Panel, first_day, known, last_day
from regulator.forecasts.reconcile import whole
from regulator.operators import tax


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """Of what a run is: its name, its currency, and who wanted it."""

    run: str
    currency: str
    country: str = ""
    actor: str = ""


def made(
    ahead: Sequence[Ahead],
    panel: Panel,
    months: Mapping[str, Months],
    rates: Mapping[str, Sequence[Rates]],
    making: Making,
) -> list[ForecastMade]:
    """The forecasts of one run, the market's first; its months are exactly the operators' sums.

    ``ahead`` begins with the market; ``panel`` holds the market too. The market's tax is the sum of
    the operators' whose rates are known, ``None`` where nobody's are.
    """
    totals, parts = whole(np.array([each.point for each in ahead[1:]]))
    points = [totals, *parts] if len(ahead) > 1 else [[round(x) for x in ahead[0].point.tolist()]]
    said = [
        _said(each, point, panel, months, rates.get(each.name, ()), making)
        for each, point in zip(ahead, points, strict=True)
    ]
    return [_with_tax(said[0], ahead[0], said[1:]), *said[1:]]


def _said(
    each: Ahead, point: Sequence[int], panel: Panel, months: Mapping[str, Months],
    rates: Sequence[Rates], making: Making,
) -> ForecastMade:  # fmt: skip
    half = np.ceil(each.high - each.point)
    own = months.get(each.name)
    series = known(panel.ggr[:, panel.names.index(each.name)])
    days = own.period_days if own else 31.0
    due = _taxes(rates, each, np.array(point, dtype=float), 0.0, days)
    sources = {found.source for found in months.values() if found.ggr}
    return ForecastMade(
        run=making.run, operator=each.name, currency=making.currency,
        origin=last_day(each.first - 1), history=each.months,
        source=own.source if own else (sources.pop() if len(sources) == 1 else BOTH),
        level=LEVEL, method=each.method, country=making.country, actor=making.actor,
        errors={name: round(error, 4) for name, error in each.errors.items()},
        coverage=None if each.coverage is None else round(each.coverage, 4),
        before=round(float(series[-len(point):].sum())) if series.size >= len(point) else None,
        months=tuple(
            ForecastMonth(
                month=first_day(each.first + place), point=value,
                low=value - int(half[place]), high=value + int(half[place]),
                stakes=None if np.isnan(each.handle[place]) else round(float(each.handle[place])),
                tax=due[place],
            )
            for place, value in enumerate(point)
        ),
        total=_span(sum(point), each.half_total),
        tax=_tax_span(rates, each, point, days),
    )  # fmt: skip


def _span(point: int, half: float) -> Span:
    off = int(np.ceil(half))
    return Span(point=point, low=point - off, high=point + off)


def _taxes(
    rates: Sequence[Rates], each: Ahead, ggr: Floats, off: float, days: float
) -> list[int | None]:
    """Each month's tax where the year's GGR is ``off`` more; stakes move in the same proportion.

    Unknown where a month's rates are on stakes and these are unknown.
    """
    moved = taxes.ending(ggr, off)
    size = float(np.abs(ggr).sum())
    stakes = np.maximum(each.handle * (1 + (off / size if size else 0.0)), 0.0)
    return [
        None
        if np.isnan(staked) and _on_stakes(rates, each.first + place)
        else taxes.of_month(
            rates, each.first + place, ggr=kept, period_days=days,
            stakes=0.0 if np.isnan(staked) else staked,
        )
        for place, (staked, kept) in enumerate(zip(stakes.tolist(), moved.tolist(), strict=True))
    ]  # fmt: skip


def _on_stakes(rates: Sequence[Rates], month: int) -> bool:
    held = {tax.in_force(rates, day) for day in (first_day(month), last_day(month))}
    return any(each is not None and each.base is TaxBase.STAKES for each in held)


def _tax_span(
    rates: Sequence[Rates], each: Ahead, point: Sequence[int], days: float
) -> Span | None:
    ends = [
        _sum(_taxes(rates, each, np.array(point, dtype=float), off, days))
        for off in (0.0, -each.half_total, each.half_total)
    ]
    if any(value is None for value in ends):
        return None
    middle, low, high = (int(value or 0) for value in ends)
    return Span(point=middle, low=low, high=high)


def _sum(values: Sequence[int | None]) -> int | None:
    told = [value for value in values if value is not None]
    return sum(told) if told else None


def _with_tax(
    market: ForecastMade, ahead: Ahead, operators: Sequence[ForecastMade]
) -> ForecastMade:
    """The market with its operators' taxes.

    The edges of the year's tax are where the market's total ends: each operator's tax is taken as
    a line through its own edges, and all go as far as the market goes, not each as far as it can.
    """
    spans = [each.tax for each in operators if each.tax is not None]
    if not spans:
        return market
    point = sum(each.point for each in spans)
    alone = sum(each.total.high - each.total.point for each in operators)
    reach = min(ahead.half_total / alone, 1.0) if alone > 0 else 1.0
    low = sum((each.point - each.low) * reach for each in spans)
    high = sum((each.high - each.point) * reach for each in spans)
    due = [
        _sum([each.months[place].tax for each in operators]) for place in range(len(market.months))
    ]
    return _replaced(
        market, due, Span(point=point, low=point - round(low), high=point + round(high))
    )


def _replaced(market: ForecastMade, due: Sequence[int | None], span: Span) -> ForecastMade:
    months = tuple(replace(each, tax=value) for each, value in zip(market.months, due, strict=True))
    return replace(market, months=months, tax=span)
