"""What others may read of returns and findings: every check, made anew from the projections.

Nothing found is stored, so nothing found can be out of date; what was there on another day can be
asked for by its vintage.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Max, Min, Sum
from django.db.models.functions import TruncDate

from regulator.contracts import Terms
from regulator.feeds.checks import Offered, of_feed
from regulator.feeds.state import FeedState
from regulator.figures.projection import ALL, DAY
from regulator.models import Operator, Return, Total
from regulator.operators.commands import terms
from regulator.queries import feed, feeds
from regulator.returns.checks import Beside, Fed, beside, of_returns
from regulator.returns.finding import Finding, ranked
from regulator.returns.history import Filed, current, restatements

_DAYS = """
SELECT operator, (start AT TIME ZONE 'UTC')::date AS day, stakes, payouts, refunds
FROM regulator_total WHERE operator = ANY(%s) AND span = 'day' AND game = '' ORDER BY day
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnsOf:
    """An operator's returns: as they hold beside the feed, newest first, and what was restated."""

    held: tuple[Beside, ...]
    restated: tuple[tuple[Filed, Filed], ...]
    versions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One operator's findings, the worst first, and its returns."""

    findings: tuple[Finding, ...]
    returns: ReturnsOf


def findings(*, operator: str = "", now: datetime) -> list[Finding]:
    """All findings, the worst first; of one operator, or of all."""
    rows = Operator.objects.filter(name=operator) if operator else Operator.objects.all()
    versions, days, offered = _versions(operator), _days(operator), _offered(operator)
    states = {operator: feed(operator)} if operator else feeds()
    found: list[Finding] = []
    for row in rows:
        found += _of(
            terms(row), states.get(row.name, FeedState()), offered[row.name], versions[row.name],
            days[row.name], now,
        )  # fmt: skip
    return ranked(found)


def checked(entry: Terms, state: FeedState, *, as_of: date | None, now: datetime) -> Checked:
    """An operator's findings and its returns, ``as_of`` a day, from one look at what there is."""
    name = entry.operator
    versions, days = _versions(name)[name], _days(name)[name]
    found = _of(entry, state, _offered(name)[name], versions, days, now)
    return Checked(findings=tuple(ranked(found)), returns=_returns(versions, days, as_of))


def _of(
    entry: Terms,
    state: FeedState,
    offered: Sequence[Offered],
    versions: Sequence[Filed],
    days: Mapping[date, Fed],
    now: datetime,
) -> list[Finding]:
    return [
        *of_feed(entry, state, offered, now),
        *of_returns(entry, versions, days, now.date()),
    ]


def returns(operator: str, *, as_of: date | None = None) -> ReturnsOf:
    """One operator's returns beside its feed; ``as_of`` a day, what had been filed by then."""
    return _returns(_versions(operator)[operator], _days(operator)[operator], as_of)


def _returns(versions: Sequence[Filed], days: Mapping[date, Fed], as_of: date | None) -> ReturnsOf:
    held = [beside(each, days) for each in current(versions, as_of=as_of)]
    changed = sorted(restatements(versions), key=lambda pair: pair[1].vintage, reverse=True)
    return ReturnsOf(held=tuple(reversed(held)), restated=tuple(changed), versions=len(versions))


def filed(row: Return) -> Filed:
    """A version from its row."""
    return Filed(
        operator=row.operator, start=row.start, end=row.end, vintage=row.vintage,
        known_at=row.known_at, place=row.place, currency=row.currency, stakes=row.stakes,
        payouts=row.payouts, refunds=row.refunds, ggr=row.ggr, tax=row.tax,
        ggr_to_date=row.ggr_to_date, source=row.source,
    )  # fmt: skip


def every_version(*, current_only: bool = False) -> list[Filed]:
    """All returns of all operators in the order of the log, or only those that hold now."""
    found = [each for versions in _versions("").values() for each in versions]
    return current(found) if current_only else sorted(found, key=lambda each: each.place)


def _versions(operator: str) -> dict[str, list[Filed]]:
    rows = Return.objects.order_by("place")
    found: defaultdict[str, list[Filed]] = defaultdict(list)
    for row in rows.filter(operator=operator) if operator else rows:
        found[row.operator].append(filed(row))
    return found


def _days(operator: str) -> dict[str, dict[date, Fed]]:
    found: defaultdict[str, dict[date, Fed]] = defaultdict(dict)
    with connection.cursor() as cursor:
        names = [operator] if operator else list(Operator.objects.values_list("name", flat=True))
        cursor.execute(_DAYS, [names])
        for name, day, stakes, payouts, refunds in cursor.fetchall():
            found[name][day] = Fed(stakes=stakes, payouts=payouts, refunds=refunds)
    return found


def _offered(operator: str) -> dict[str, list[Offered]]:
    rows = Total.objects.filter(span=DAY, stakes__gt=0).exclude(game=ALL)
    rows = rows.filter(operator=operator) if operator else rows
    grouped = rows.values("operator", "game").annotate(
        staked=Sum("stakes"), first=TruncDate(Min("start")), last=TruncDate(Max("start"))
    )
    found: defaultdict[str, list[Offered]] = defaultdict(list)
    for row in grouped.order_by("operator", "game"):
        found[row["operator"]].append(
            Offered(game=row["game"], stakes=row["staked"], first=row["first"], last=row["last"])
        )
    return found
