"""Reads about money: exchange rates, amounts that wait for one, and budgets over curves."""

from collections.abc import Mapping
from datetime import date

from attribution import queries
from attribution.contracts import EVERY, By, Model
from attribution.money.figures import Aside, Differences, Metric, RateView
from attribution.projection import certainty, money_reads, report, response, sums
from attribution.projection.differences import compare
from attribution.response import curve, plan
from attribution.response.report import Budget
from attribution.store.words import MICRO
from eventlog.contracts import Cursor
from kernel.paging import Page


def aside(*, start: date, end: date) -> tuple[Aside, ...]:
    """Per currency the amounts of the days that wait for a rate; they count as nothing."""
    return money_reads.aside(start, end)


def rates(
    *, currency: str | None = None, cursor: str | None = None, limit: int = 100
) -> Page[RateView]:
    """Exchange rates, newest day first. Raises ``InvalidCursor``."""
    return money_reads.rates(home=queries.home(), currency=currency, cursor=cursor, limit=limit)


def rate(*, currency: str, day: date) -> RateView | None:
    """The rate of a currency that was set for exactly this day, if one was."""
    return money_reads.rate(home=queries.home(), currency=currency, day=day)


def differences(
    *,
    model: Model,
    start: date,
    end: date,
    baseline: str,
    metric: Metric = Metric.CONVERSIONS,
    by: By = By.CHANNEL,
    segment: str = EVERY,
    conversion_type: str = EVERY,
    order: int = 1,
) -> Differences:
    """How far every row is from the row ``baseline``, with bounds that hold all at once.

    Raises as ``queries.attribution``, and ``NoSuchBaseline``.
    """
    found = queries.attribution(
        model=model, start=start, end=end, by=by, segment=segment,
        conversion_type=conversion_type, order=order,
    )  # fmt: skip
    credit = {row.key: (row.conversions, row.value) for row in found.rows}
    scope = queries.scope_of(start, end, by, segment, conversion_type)
    spread = certainty.spread(model, scope, order, credit, journeys=found.totals.journeys)
    return compare(found, spread, baseline=baseline, metric=metric)


def budget(
    *,
    model: Model,
    start: date,
    end: date,
    segment: str = EVERY,
    conversion_type: str = EVERY,
    budgets: Mapping[str, float] | None = None,
    total: float | None = None,
    best: bool = False,
    by_value: bool = False,
) -> Budget:
    """Response curves of the channels that cost something, and what a plan would bring per day.

    ``budgets`` are daily spends by label, today's where none is given; a ``total`` scales them to
    it. ``best`` suggests a plan at that total (else today's), by value or by conversions.
    """
    scope = queries.scope_of(start, end, By.CHANNEL, segment, conversion_type)
    conversions, _, value, alone, alone_value = report.column_sums(sums.totals(scope))
    series = response.series(
        scope, model, conversions=conversions - alone, value=(value - alone_value) / MICRO
    )
    fitted = dict(zip(series, curve.fit(list(series.values())), strict=True))
    curves = {key: each for key, each in fitted.items() if isinstance(each, curve.Curve)}
    chosen = {each.label: each.today for each in curves.values()} | dict(budgets or {})
    if best:
        asked = sum(each.today for each in curves.values()) if total is None else total
        chosen = plan.best(list(curves.values()), asked, by_value=by_value)
    elif total is not None and curves:
        known = {each.label: chosen[each.label] for each in curves.values()}
        chosen = plan.scaled(known, total)
    return Budget(
        model=model,
        start=start,
        end=end,
        curves=curves,
        untold={key: each for key, each in fitted.items() if isinstance(each, curve.Untold)},
        outcome=plan.outcome(list(curves.values()), chosen),
        currency=queries.home(),
        log=Cursor(*sums.checkpoint()),
    )
