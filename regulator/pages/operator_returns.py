"""An operator's returns beside its feed: figures, the tax they declare and the tax that is due."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest

from charts.specs import Bar, grouped_bars
from kernel.errors import InvalidInput
from regulator.contracts import Terms
from regulator.money import major
from regulator.operators.tax import of_period
from regulator.queries_returns import ReturnsOf
from regulator.returns.checks import Beside
from regulator.returns.history import Filed

FIGURES = ("stakes", "payouts", "refunds", "ggr")
_SHOWN, _DRAWN = 20, 12
DECLARED, FED = "Declared", "Feed"


def read(request: HttpRequest) -> date | None:
    """The day by which returns are to have been filed; ``None``: now. Raises ``InvalidInput``."""
    text = request.GET.get("as_of", "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput("A day is like 2026-03-31.", field="as_of") from None


def context(found: ReturnsOf, entry: Terms, as_of: date | None) -> dict[str, Any]:
    """Returns beside the feed, as they hold now or as they had been filed by a day."""
    return {
        "as_of": as_of.isoformat() if as_of else "",
        "versions": found.versions,
        "held": [_beside(each, entry) for each in found.held[:_SHOWN]],
        "held_more": max(len(found.held) - _SHOWN, 0),
        "restated": [
            {"before": _filed(before), "after": _filed(after)}
            for before, after in found.restated[:_SHOWN]
        ],
        "restated_more": max(len(found.restated) - _SHOWN, 0),
        **_chart(found.held[:_DRAWN], entry),
    }


def _beside(each: Beside, entry: Terms) -> dict[str, Any]:
    unit = each.filed.currency
    off = {name: major(value, unit) for name, value in each.differences.items()}
    return {**_filed(each.filed), **_tax(each, entry), "fed": each.fed is not None, "off": off,
            "same": not any(off.values())}  # fmt: skip


def _tax(each: Beside, entry: Terms) -> dict[str, Any]:
    """What the schedule makes of the feed (of the return where there is none), and what lacks."""
    filed, base = each.filed, each.fed or each.filed
    bounds = of_period(entry.rates, filed.start, filed.end, stakes=base.stakes, ggr=base.ggr)
    if bounds is None or filed.currency != entry.currency:
        return {"due": None, "short": None}
    low, high = bounds
    short = None
    if filed.tax is not None and not low - 1 <= filed.tax <= high + 1:
        short = major(filed.tax - (low if filed.tax < low else high), filed.currency)
    return {"due": major(low, filed.currency), "short": short}


def _filed(each: Filed) -> dict[str, Any]:
    amounts = {name: major(getattr(each, name), each.currency) for name in FIGURES}
    tax = None if each.tax is None else major(each.tax, each.currency)
    return {"filed": each, **amounts, "tax": tax}


def _chart(held: Sequence[Beside], entry: Terms) -> dict[str, Any]:
    """The newest periods' GGR, as declared and as the feed has it; in the order of time."""
    mine = [each for each in reversed(held) if each.filed.currency == entry.currency]
    if not mine:
        return {}
    rows = []
    for each in mine:
        label = f"{each.filed.end:%-d %b %y}"
        rows.append(Bar(label=label, value=major(each.filed.ggr, entry.currency), group=DECLARED))
        if each.fed is not None:
            rows.append(Bar(label=label, value=major(each.fed.ggr, entry.currency), group=FED))
    groups = [DECLARED, FED] if any(row.group == FED for row in rows) else [DECLARED]
    return {
        "returns_chart": grouped_bars(
            title="GGR by period", rows=rows, groups=groups, unit=entry.currency, of="Told by"
        ),
        "returns_summary": f"GGR of the newest {len(mine)} periods, as declared"
        f"{' beside the feed' if len(groups) > 1 else ''}; the last is of"
        f" {mine[-1].filed.end:%-d %B %Y}, {major(mine[-1].filed.ggr, entry.currency):,.2f}"
        f" {entry.currency} declared.",
    }  # fmt: skip
