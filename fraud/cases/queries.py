"""Cases as others read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from django.db.models import Count, Q

from fraud.contracts import EventFraud, Scored, Verdict
from fraud.models import Case
from fraud.rules import Reason
from fraud.rules.pack import RULES
from fraud.rules.words import NAMES, sentence
from kernel.errors import InvalidInput, NotFound
from kernel.paging import InvalidCursor, Page, decode_cursor, encode_cursor

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
    *, verdict: str = "", kind: str = "", cursor: str | None = None, limit: int = 50
) -> Page[CaseItem]:
    """Cases, newest event first. Raises ``InvalidInput`` for a verdict or kind that is none."""
    rows = Case.objects.order_by("-at", "-event")
    if verdict:
        rows = rows.filter(verdict=_one_of(Verdict, verdict))
    if kind:
        rows = rows.filter(kind=_one_of(EventFraud, kind))
    if cursor:
        at, event = _place(cursor)
        rows = rows.filter(Q(at__lt=at) | Q(at=at, event__lt=event))
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    more = encode_cursor(last.at.astimezone(UTC).isoformat(), str(last.event)) if last else None
    return Page(items=[item(row) for row in found[:limit]], next_cursor=more)


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
