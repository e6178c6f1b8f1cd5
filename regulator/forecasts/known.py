"""What the projections know of each operator's months: read for a run, for charts, for accuracy."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from regulator.contracts import Rates, Terms
from regulator.figures.projection import ALL, DAY
from regulator.forecasts.history import Months, months
from regulator.models import Operator, Return, Total
from regulator.operators.commands import terms
from regulator.returns.checks import Fed
from regulator.returns.history import Filed, current


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """The operators that play in one currency, and their whole months."""

    currency: str
    operators: Mapping[str, Terms]
    months: Mapping[str, Months]

    @property
    def rates(self) -> dict[str, tuple[Rates, ...]]:
        """The operators' tax rates."""
        return {name: entry.rates for name, entry in self.operators.items()}


def markets(*, today: date) -> list[Market]:
    """The active tenant's markets, the one of most operators first."""
    entries = {row.name: terms(row) for row in Operator.objects.order_by("name")}
    filed, fed = _filed(), _fed(entries)
    found = {name: months(filed.get(name, ()), fed.get(name, {}), today=today) for name in entries}
    counted = Counter(entry.currency for entry in entries.values())
    return [
        Market(
            currency=currency,
            operators={n: each for n, each in entries.items() if each.currency == currency},
            months={n: found[n] for n, each in entries.items() if each.currency == currency},
        )
        for currency, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    ]


def _filed() -> dict[str, list[Filed]]:
    found: defaultdict[str, list[Filed]] = defaultdict(list)
    for row in Return.objects.order_by("place"):
        found[row.operator].append(
            Filed(
                operator=row.operator,
                start=row.start,
                end=row.end,
                vintage=row.vintage,
                known_at=row.known_at,
                place=row.place,
                currency=row.currency,
                stakes=row.stakes,
                payouts=row.payouts,
                refunds=row.refunds,
                ggr=row.ggr,
            )
        )
    return {name: current(versions) for name, versions in found.items()}


def _fed(entries: Mapping[str, Terms]) -> dict[str, dict[date, Fed]]:
    found: defaultdict[str, dict[date, Fed]] = defaultdict(dict)
    rows = Total.objects.filter(span=DAY, game=ALL).order_by("start")
    columns = rows.values_list("operator", "currency", "start", "stakes", "payouts", "refunds")
    for name, currency, start, stakes, payouts, refunds in columns:
        if name in entries and entries[name].currency == currency:
            found[name][start.date()] = Fed(stakes=stakes, payouts=payouts, refunds=refunds)
    return found
