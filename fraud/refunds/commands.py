"""What becomes due, what is withdrawn, what came back: events, each recognised when repeated."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from uuid import UUID

from attribution import queries as attribution
from attribution.queries import DecisionItem
from eventlog.append import append
from eventlog.said import said
from eventlog.tenancy import active_schema
from fraud.contracts import RefundDue, RefundSettled, RefundWithdrawn
from fraud.models import Refund
from fraud.refunds.days import Span, uncovered
from kernel import ids
from kernel.errors import InvalidInput, NotFound
from kernel.money import MICRO

LEDGER = "fraud"
"""The projection's name."""

MOST = 10**12
SOURCE = "fraud"
_PAGE = 200
_LONGEST = timedelta(days=3_650)


def keep_up(*, now: datetime) -> None:
    """Bring the ledger in line with the decisions: what holds is due, what does not is withdrawn.

    A day of a source is due once, however many rejections hold for it. Rejections that cost nothing
    so far are looked at again at the next call: costs may still come, or another be taken back.
    Call it when the ledger knows what was said before.
    """
    known = {row.decision: row for row in Refund.objects.all()}
    covered: defaultdict[str, list[Span]] = defaultdict(list)
    for row in known.values():
        if row.withdrawn_at is None:
            covered[row.source].append((row.start or date.min, row.end))
    for decision in reversed(_rejections()):
        line = known.get(UUID(decision.id))
        if decision.standing and line is None:
            _due(decision, covered[decision.source or ""], now)
        elif not decision.standing and line is not None and line.withdrawn_at is None:
            _say("withdrawn", RefundWithdrawn(decision=decision.id), decision.at, now)


def settle(decision: UUID, *, received: float, note: str, actor: str, now: datetime) -> None:
    """Keep what a publisher has paid back in all. Raises ``NotFound``, ``InvalidInput``."""
    row = Refund.objects.filter(decision=decision).first()
    if row is None:
        raise NotFound("There is no such refund.")
    if row.withdrawn_at is not None:
        raise InvalidInput("The rejection was taken back: nothing is due for it.")
    if not 0 <= received <= MOST:
        raise InvalidInput("What came back is an amount from 0 on.", field="received")
    body = RefundSettled(
        decision=str(decision), received=round(received * MICRO), note=note, actor=actor
    )
    append([said("fraud.refund_settled", body, source="portal", now=now)], recorded_at=now)


def _due(decision: DecisionItem, covered: list[Span], now: datetime) -> None:
    """Make due what no other rejection has, and note its days in ``covered``."""
    source, end = decision.source or "", decision.end or decision.at.date()
    first = max(decision.start or end - _LONGEST, end - _LONGEST)
    spent = sum(_spent(source, part) for part in uncovered((first, end), covered))
    if spent > 0:
        body = RefundDue(
            decision=decision.id, source=source, amount=round(spent * MICRO),
            currency=attribution.home(), start=decision.start, end=end,
        )  # fmt: skip
        _say("due", body, decision.at, now)
        covered.append((first, end))


def _spent(source: str, part: Span) -> float:
    return attribution.spend_by_source(start=part[0], end=part[1]).get(source, 0.0)


def _say(what: str, body: RefundDue | RefundWithdrawn, at: datetime, now: datetime) -> None:
    """One event of its kind a decision, however many workers look: its id and moment follow."""
    key = ids.event_id(f"refund {what} {active_schema()} {body.decision}")
    event = said(f"fraud.refund_{what}", body, source=SOURCE, now=now, id=key, occurred_at=at)
    append([event], recorded_at=now)


def _rejections() -> list[DecisionItem]:
    """All rejections of sources, the newest first."""
    found: list[DecisionItem] = []
    cursor: str | None = None
    while True:
        page = attribution.decisions(cursor=cursor, limit=_PAGE)
        found += [each for each in page.items if each.rejects and each.source is not None]
        cursor = page.next_cursor
        if cursor is None:
            return found
