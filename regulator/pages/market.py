"""The market overview: what operators took in a range, the tax due on it, and what needs a look."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from charts.specs import Point, lines
from kernel import clock
from portal import daterange
from portal.notices import remembered
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from regulator.contracts import Severity
from regulator.money import digits, major
from regulator.overview import queries, sums
from regulator.overview.queries import Market
from regulator.overview.sums import Account, Source
from regulator.returns.checks import Fed
from regulator.wall import queries as wall
from regulator.wall import states
from tenants.contracts import Permission

METRICS = {"ggr": "GGR", "stakes": "Stakes", "margin": "Margin"}
_HEADER = ["operator", "name", "from", "day", "currency", "stakes", "payouts", "refunds", "ggr"]
_RECEIPTS, _SHOWN = 8, 40


@require_GET
@page(Permission.VIEW_REPORTS)
def index(request: HttpRequest) -> HttpResponse:
    """One currency's market; a register without operators says how to begin."""
    known = queries.currencies()
    if not known:
        may = Permission.MANAGE_OPERATORS in allowed(request)
        return render_page(request, "regulator/market_empty.html", {"may": may})
    currency, days = _asked(request, known)
    found = queries.market(currency, start=days.start, end=days.end)
    if request.GET.get("format") == "csv":
        return csv_response(f"market-{currency}.csv", _HEADER, list(_rows(found)))
    now, operators = clock.now(), _operators(found)
    context = {
        "currency": currency, "currencies": known if len(known) > 1 else [],
        "range": days, "ranges": daterange.RANGES, "found": found,
        "now": _figures(found.now, currency), "before": _base(_figures(found.before, currency)),
        "operators": operators[:_SHOWN], "rest": max(len(operators) - _SHOWN, 0),
        "games": _games(found),
        "fed": sum(each.source is Source.FEED for each in found.now),
        "filed": sum(each.source is Source.RETURNS for each in found.now),
        "receipts": queries.receipts(limit=_RECEIPTS),
        "may_register": Permission.MANAGE_OPERATORS in allowed(request),
        **_health(now), **_found(now), **_chart(request, found, now.date()),
    }  # fmt: skip
    return render_page(request, "regulator/market.html", context)


def _asked(request: HttpRequest, known: list[str]) -> tuple[str, daterange.DateRange]:
    """Whose currency and which days; without a choice the tenant's own and the newest there are."""
    home, today = request.tenant.currency, clock.now().date()  # type: ignore[attr-defined]  # the middleware's
    asked = request.GET.get("currency", "")
    currency = asked if asked in known else home if home in known else known[0]
    if daterange.asked(request.GET):
        return currency, daterange.parse(request.GET, today)
    return currency, daterange.newest(queries.newest(currency), today)


def _figures(accounts: Sequence[Account], currency: str) -> dict[str, Any]:
    """The market's figures as people read them; nothing where there is nothing."""
    if all(each.source is Source.NONE for each in accounts):
        return {"ggr": None, "stakes": None, "margin": None, "tax": None}
    whole = sums.total(each.taken for each in accounts)
    owed = sums.owed(accounts)
    return {
        "ggr": major(whole.ggr, currency), "stakes": major(whole.stakes, currency),
        "margin": sums.margin(whole), "tax": None if owed is None else major(owed, currency),
    }  # fmt: skip


def _base(figures: dict[str, Any]) -> dict[str, Any]:
    """What a change may be told against: not nothing, and not a loss."""
    return {name: value if value and value > 0 else None for name, value in figures.items()}


def _operators(found: Market) -> list[dict[str, Any]]:
    """A line for each operator, the largest first; those with nothing last."""
    accounts = {each.terms.operator: each for each in found.now}
    earlier = {each.terms.operator: each.taken.ggr for each in found.before}
    shares = sums.shares({name: each.taken for name, each in accounts.items()})
    lines_ = []
    for share in shares:
        account = accounts[share.name]
        there = account.source is not Source.NONE
        lines_.append(
            {
                "terms": account.terms, "source": str(account.source), "there": there,
                "ggr": major(share.taken.ggr, found.currency) if there else None,
                "before": major(max(earlier[share.name], 0), found.currency),
                "stakes": major(share.taken.stakes, found.currency) if there else None,
                "margin": sums.margin(share.taken), "share": share.share if there else None,
                "tax": None if account.tax is None else major(account.tax, found.currency),
            }
        )  # fmt: skip
    return sorted(lines_, key=lambda line: not line["there"])


def _games(found: Market) -> list[dict[str, Any]]:
    return [
        {
            "game": share.name, "name": share.name.capitalize(),
            "ggr": major(share.taken.ggr, found.currency), "share": share.share,
            "stakes": major(share.taken.stakes, found.currency), "margin": sums.margin(share.taken),
        }
        for share in sums.shares(found.games)
    ]  # fmt: skip


def _health(now: datetime) -> dict[str, Any]:
    """How the feeds stand, in a line; at most ten seconds old."""
    counts = remembered("regulator-health", lambda: _counted(now))
    well = sum(counts.get(each, 0) for each in states.HEARD)
    rest = [
        (word, states.WORDS[word], count)
        for word, count in counts.items()
        if word not in (*states.HEARD, states.State.WAITING)
    ]
    feeds = sum(counts.values()) - counts.get(states.State.WAITING, 0)
    return {"well": well, "feeds": feeds, "unwell": rest}


def _counted(now: datetime) -> dict[states.State, int]:
    return states.counts(states.state(each, now) for each in wall.signs(now))


def _found(now: datetime) -> dict[str, Any]:
    counts = queries.severities(now)
    return {
        "critical": counts[Severity.CRITICAL], "warnings": counts[Severity.WARNING],
        "notes": counts[Severity.NOTE],
    }  # fmt: skip


def _chart(request: HttpRequest, found: Market, today: date) -> dict[str, Any]:
    """The market by day from feeds; by period from returns where no feed tells anything."""
    asked = request.GET.get("metric", "")
    metric = asked if asked in METRICS else "ggr"
    series = {
        source: days
        for source in (Source.FEED, Source.RETURNS)
        if (days := sums.by_day(found.now, source))
    }
    shared = {"metric": metric, "metrics": METRICS.items(), "metric_label": METRICS[metric]}
    if not series:
        return shared
    source, days = next(iter(series.items()))
    points = [
        Point(day=day, value=value)
        for day, fed in days.items()
        if (value := _value(metric, fed, found.currency)) is not None
    ]
    if not points:
        return shared
    best = max(points, key=lambda each: each.value)
    unit = "% of stakes" if metric == "margin" else found.currency
    label = METRICS[metric]
    per = "per day" if source is Source.FEED else "by return, at the end of its period"
    return {
        **shared, "per": per, "by_return": source is Source.RETURNS,
        "numbers": [_numbers(day, fed, found.currency) for day, fed in reversed(days.items())],
        "running": source is Source.FEED and found.end >= today,
        "chart": lines(title=label, series={label: points}, unit=unit, unfinished=today),
        "summary": f"{label} {per} from {found.start:%-d %B %Y} to {found.end:%-d %B %Y}; the"
        f" highest is {best.value:,.2f} {unit}, on {best.day:%-d %B}.",
    }  # fmt: skip


def _value(metric: str, fed: Fed, currency: str) -> float | None:
    if metric == "margin":
        share = sums.margin(fed)
        return None if share is None else round(100 * share, 3)
    return round(major(getattr(fed, metric), currency), digits(currency))


def _numbers(day: date, fed: Fed, currency: str) -> dict[str, Any]:
    amounts = {
        name: major(getattr(fed, name), currency)
        for name in ("stakes", "payouts", "refunds", "ggr")
    }
    return {"day": day, "margin": sums.margin(fed), **amounts}


def _rows(found: Market) -> Iterator[list[Any]]:
    for each in found.now:
        for day, fed in sorted(each.days.items()):
            amounts = (fed.stakes, fed.payouts, fed.refunds, fed.ggr)
            yield [
                each.terms.operator, each.terms.name, str(each.source), day, found.currency,
                *(major(amount, found.currency) for amount in amounts),
            ]  # fmt: skip
