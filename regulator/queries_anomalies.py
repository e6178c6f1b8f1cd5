"""What others may read of anomalies and of how sensitively operators are watched: dataclasses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kernel.errors import InvalidInput, NotFound
from kernel.paging import InvalidCursor, Page, decode_cursor, encode_cursor
from regulator.contracts import Severity
from regulator.contracts_anomalies import AnomalyState, Level, Value
from regulator.models import Anomaly, Operator, Sensitivity, Watch
from regulator.watch.words import about

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnomalyItem:
    """A stretch from ``started_at`` until before ``ended_at`` in which figures are unusual.

    ``name`` and ``kind_name`` are the operator and kind as people read them; both operator and name
    are empty where the whole market is meant. ``reason`` and ``said_by`` are the last word on it.
    """

    id: str
    operator: str
    name: str
    kind: str
    kind_name: str
    started_at: datetime
    ended_at: datetime
    severity: Severity
    score: float
    explanation: str
    found_at: datetime
    seen_at: datetime
    over_at: datetime | None
    state: AnomalyState
    said_at: datetime | None
    said_by: str
    reason: str
    evidence: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelItem:
    """How sensitively an operator is watched for a kind, or (``""``) for all the others."""

    kind: str
    level: Level
    set_at: datetime
    set_by: str


def anomalies(
    *, operator: str = "", kind: str = "", severity: str = "", state: str = "",
    start: date | None = None, end: date | None = None, cursor: str | None = None, limit: int = 50,
) -> Page[AnomalyItem]:  # fmt: skip
    """Anomalies, the newest beginning first, of the days ``start`` to ``end`` (UTC, both included).

    A stretch is of all days it touches. Raises ``InvalidInput`` for a word that is none.
    """
    rows = _between(Anomaly.objects.all(), start, end)
    rows = rows.filter(*_filters(operator, kind, severity, state))
    if cursor:
        at, key = _place(cursor)
        rows = rows.filter(Q(started_at__lt=at) | Q(started_at=at, id__lt=key))
    found = list(rows.order_by("-started_at", "-id")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    more = (
        encode_cursor(last.started_at.astimezone(UTC).isoformat(), str(last.id)) if last else None
    )
    names = _names()
    return Page(items=[item(row, names) for row in found[:limit]], next_cursor=more)


def anomalies_of(operator: str, start: date, end: date) -> list[AnomalyItem]:
    """An operator's anomalies that touch these days (UTC, both included), in the order of time."""
    rows = _between(Anomaly.objects.filter(operator=operator), start, end)
    names = _names()
    return [item(row, names) for row in rows.order_by("started_at", "id")]


def anomaly(key: UUID) -> AnomalyItem:
    """One anomaly. Raises ``NotFound``."""
    row = Anomaly.objects.filter(pk=key).first()
    if row is None:
        raise NotFound("There is no such anomaly.")
    return item(row, _names())


def counts() -> Mapping[str, int]:
    """How many anomalies there are of each kind, the most frequent first."""
    found = Anomaly.objects.values("kind").annotate(anomalies=Count("pk"))
    return {row["kind"]: row["anomalies"] for row in found.order_by("-anomalies", "kind")}


def watched_at() -> datetime | None:
    """When the watch last looked; ``None`` before the first time."""
    at: datetime | None = (
        Watch.objects.filter(name="hours").values_list("ran_at", flat=True).first()
    )
    return at


def sensitivity(operator: str) -> list[LevelItem]:
    """What was chosen for an operator: for all kinds first; nothing where all is normal."""
    return [
        LevelItem(kind=row.kind, level=Level(row.level), set_at=row.set_at, set_by=row.set_by)
        for row in Sensitivity.objects.filter(operator=operator).order_by("kind")
    ]


def item(row: Anomaly, names: Mapping[str, str]) -> AnomalyItem:
    """A row as others read it."""
    dismissed = row.dismissed_at is not None
    return AnomalyItem(
        id=str(row.pk), operator=row.operator, name=names.get(row.operator, row.operator),
        kind=row.kind, kind_name=about(row.kind).name, started_at=row.started_at,
        ended_at=row.ended_at, severity=Severity(row.severity), score=row.score,
        explanation=row.explanation, found_at=row.found_at, seen_at=row.seen_at,
        over_at=row.over_at, said_at=row.said_at, said_by=row.said_by, reason=row.reason,
        state=AnomalyState.DISMISSED if dismissed else AnomalyState.OPEN,
        evidence=dict(row.evidence),
    )  # fmt: skip


def _names() -> dict[str, str]:
    return dict(Operator.objects.values_list("name", "title"))


def _between(rows: QuerySet[Anomaly], start: date | None, end: date | None) -> QuerySet[Anomaly]:
    if start:
        rows = rows.filter(ended_at__gt=datetime.combine(start, time.min, UTC))
    if end:
        rows = rows.filter(started_at__lt=datetime.combine(end, time.min, UTC) + _DAY)
    return rows


def _filters(operator: str, kind: str, severity: str, state: str) -> list[Q]:
    found = []
    if operator:
        found.append(Q(operator=operator))
    if kind:
        found.append(Q(kind=kind))
    if severity:
        found.append(Q(severity=_one_of(Severity, severity)))
    if state:
        open_ = _one_of(AnomalyState, state) == AnomalyState.OPEN
        found.append(Q(dismissed_at__isnull=open_))
    return found


def _one_of(words: type[Severity] | type[AnomalyState], text: str) -> str:
    try:
        return str(words(text))
    except ValueError:
        raise InvalidInput(f"{text[:40]!r} is none of {', '.join(words)}.") from None


def _place(cursor: str) -> tuple[datetime, UUID]:
    at, key = decode_cursor(cursor, (str, str))
    try:
        return datetime.fromisoformat(str(at)), UUID(str(key))
    except ValueError as error:
        raise InvalidCursor("This cursor is not one this list gave out.") from error
