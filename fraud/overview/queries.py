"""The overview of the active tenant's fraud, from the cases, the counts and the refund ledger."""

from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from attribution import queries as attribution
from fraud.cases.names import called, names
from fraud.cases.queries import between
from fraud.contracts import Verdict
from fraud.models import Case, SeenDay
from fraud.overview.sums import Amounts, Day, Group, Line, amounts, days, lines, total
from fraud.refunds import queries as refunds
from fraud.review import queue

MOST = 1_000
"""Publishers and campaigns that are told, those with most cases."""
_REVIEW, _BLOCK = Q(verdict=Verdict.REVIEW), Q(verdict=Verdict.BLOCK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the days from ``start`` to ``end`` held.

    ``events`` happened of the types that are scored, ``None`` where nobody counted. ``waiting``
    cases, of whatever day, have no label. Refunds are those decided in these days.
    """

    start: date
    end: date
    events: int | None
    total: Line
    days: tuple[Day, ...]
    kinds: tuple[Line, ...]
    publishers: tuple[Line, ...]
    campaigns: tuple[Line, ...]
    refunds_due: Amounts
    refunds_received: Amounts
    waiting: int
    home: str

    @property
    def rate(self) -> float | None:
        """The share of the events that were not simply let through."""
        return self.total.cases / self.events if self.events else None


def overview(*, start: date, end: date) -> Overview:
    """The fraud of these days (UTC, both included)."""
    home, rows = attribution.home(), between(start, end)
    kinds = [_group(row["kind"], row) for row in _summed(rows, "kind")]
    owed = refunds.decided(start=start, end=end)
    return Overview(
        start=start, end=end, events=_events(start, end), total=total(kinds, home=home),
        days=days(_by_day(rows), start=start, end=end), kinds=lines(kinds, home=home),
        publishers=_named(rows, "publisher", home), campaigns=_named(rows, "campaign", home),
        refunds_due=amounts(((each.currency, each.due) for each in owed), home=home),
        refunds_received=amounts(((each.currency, each.received) for each in owed), home=home),
        waiting=queue.unlabelled(), home=home,
    )  # fmt: skip


def newest() -> date | None:
    """The day of the newest case."""
    found = Case.objects.order_by("-at").values_list("at", flat=True).first()
    return found.astimezone(UTC).date() if found else None


def _summed(rows: QuerySet[Case], column: str) -> QuerySet[Case, dict[str, Any]]:
    found: QuerySet[Case, dict[str, Any]] = (
        rows.values(column, "currency")
        .annotate(
            cases=Count("pk"), reviewed=Count("pk", filter=_REVIEW),
            blocked=Count("pk", filter=_BLOCK), worth=Sum("value"),
            blocked_worth=Sum("value", filter=_BLOCK),
        )
        .order_by("-cases", column, "currency")
    )  # fmt: skip
    return found


def _group(key: str, row: dict[str, Any]) -> Group:
    return Group(
        key=key, currency=row["currency"], cases=row["cases"], review=row["reviewed"],
        blocked=row["blocked"], value=row["worth"] or 0.0,
        blocked_value=row["blocked_worth"] or 0.0,
    )  # fmt: skip


def _named(rows: QuerySet[Case], entity: str, home: str) -> tuple[Line, ...]:
    """Lines of publishers or campaigns by name."""
    found = list(_summed(rows, entity)[:MOST])
    known = names(entity) if found else {}
    return lines((_group(called(known, row[entity]), row) for row in found), home=home)


def _by_day(rows: QuerySet[Case]) -> dict[tuple[date, str], int]:
    found = (
        rows.annotate(day=TruncDate("at", tzinfo=UTC))
        .values_list("day", "verdict")
        .annotate(cases=Count("pk"))
    )
    return {(day, verdict): cases for day, verdict, cases in found}


def _events(start: date, end: date) -> int | None:
    found = SeenDay.objects.filter(day__range=(start, end)).aggregate(events=Sum("events"))
    events: int | None = found["events"]
    return events
