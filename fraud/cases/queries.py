"""Cases as others read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import msgspec
from django.db.models import Count, Q, QuerySet

from fraud.cases.names import called, id_of, names
from fraud.contracts import EventFraud, Scored, Verdict
from fraud.models import Case
from fraud.rules import Reason
from fraud.rules.pack import RULES
from fraud.rules.words import NAMES, sentence
from kernel.errors import InvalidInput, NotFound
from kernel.paging import InvalidCursor, Page, decode_cursor, encode_cursor

MOST_NAMES = 100
"""Publishers and campaigns that are offered as filters; others come by a link."""
_CLAUSES = {
    (rule.name, clause.feature, clause.points): clause
    for rule in RULES
    for clause in rule.clauses
    if clause.points
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseItem:
    """An event that was not simply let through; ``record`` is the decision as the log keeps it.

    ``reasons`` are sentences with their points, the most telling first.
    """

    event: str
    at: datetime
    decided_at: datetime
    type: str
    subject: str
    score: int
    verdict: Verdict
    kind: EventFraud | None
    kind_name: str
    reasons: tuple[tuple[str, float], ...]
    record: Scored


def cases(
    *, verdict: str = "", kind: str = "", publisher: str = "", campaign: str = "",
    start: date | None = None, end: date | None = None, cursor: str | None = None, limit: int = 50,
) -> Page[CaseItem]:  # fmt: skip
    """Cases, newest event first, of the days from ``start`` to ``end`` (UTC, both included).

    ``publisher`` and ``campaign`` are names as ``fraud.cases.names`` tells them. Raises
    ``InvalidInput`` for a verdict or kind that is none.
    """
    rows = between(start, end).filter(*_filters(verdict, kind, publisher, campaign))
    if cursor:
        at, event = _place(cursor)
        rows = rows.filter(Q(at__lt=at) | Q(at=at, event__lt=event))
    found = list(rows.order_by("-at", "-event")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    more = encode_cursor(last.at.astimezone(UTC).isoformat(), str(last.event)) if last else None
    return Page(items=[item(row) for row in found[:limit]], next_cursor=more)


def between(start: date | None, end: date | None) -> QuerySet[Case]:
    """The cases of these days (UTC, both included); ``None`` leaves that side open."""
    rows = Case.objects.all()
    if start:
        rows = rows.filter(at__gte=datetime.combine(start, time.min, UTC))
    if end:
        rows = rows.filter(at__lt=datetime.combine(end, time.min, UTC) + timedelta(days=1))
    return rows


def _filters(verdict: str, kind: str, publisher: str, campaign: str) -> list[Q]:
    found = []
    if verdict:
        found.append(Q(verdict=_one_of(Verdict, verdict)))
    if kind:
        found.append(Q(kind=_one_of(EventFraud, kind)))
    if publisher:
        found.append(Q(publisher=id_of("publisher", publisher)))
    if campaign:
        found.append(Q(campaign=id_of("campaign", campaign)))
    return found


def case(event: UUID) -> CaseItem:
    """One case. Raises ``NotFound``."""
    row = Case.objects.filter(event=event).first()
    if row is None:
        raise NotFound("There is no such case.")
    return item(row)


def counts() -> Mapping[str, int]:
    """How many cases there are of each kind, the most frequent first."""
    found = Case.objects.values("kind").annotate(cases=Count("pk")).order_by("-cases", "kind")
    return {row["kind"]: row["cases"] for row in found}


def sources(entity: str) -> list[str]:
    """The names of the publishers or campaigns with most cases, ``MOST_NAMES`` at most."""
    found = Case.objects.exclude(**{entity: 0}).values_list(entity).annotate(cases=Count("pk"))
    keys = [key for key, _ in found.order_by("-cases", entity)[:MOST_NAMES]]
    known = names(entity) if keys else {}
    return [called(known, key) for key in keys]


def item(row: Case) -> CaseItem:
    """A row as others read it."""
    record = msgspec.convert(row.record, Scored)
    return CaseItem(
        event=str(row.event), at=row.at, decided_at=row.decided_at, type=row.type,
        subject=row.subject, score=row.score, verdict=Verdict(row.verdict), kind=record.kind,
        kind_name=NAMES[record.kind] if record.kind else "", reasons=_reasons(record),
        record=record,
    )  # fmt: skip


def _reasons(record: Scored) -> tuple[tuple[str, float], ...]:
    """Sentences; of a clause that is no more, the bare figures."""
    said = []
    for each in record.reasons:
        clause = _CLAUSES.get((each.rule, each.feature, each.points))
        if clause is None:
            said.append((f"{each.feature} was {each.value:g}.", each.points))
            continue
        reason = Reason(
            rule=each.rule, feature=each.feature, value=each.value, threshold=each.threshold,
            points=each.points, says=clause.says, people=clause.people,
        )  # fmt: skip
        said.append((sentence(reason), each.points))
    return tuple(said)


def _one_of(words: type[Verdict] | type[EventFraud], text: str) -> str:
    try:
        return str(words(text))
    except ValueError:
        raise InvalidInput(f"{text[:40]!r} is none of {', '.join(words)}.") from None


def _place(cursor: str) -> tuple[datetime, UUID]:
    at, event = decode_cursor(cursor, (str, str))
    try:
        return datetime.fromisoformat(str(at)), UUID(str(event))
    except ValueError as error:
        raise InvalidCursor("This cursor is not one this list gave out.") from error
