"""What others may read of alerts: dataclasses, from the tables of the active tenant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from alerts import vault
from alerts.contracts import AlertItem, Fact, Point, Reason, Severity, State, Way
from alerts.models import Alert, Delivery, Route, Rule
from alerts.ways.post import checked
from kernel.errors import InvalidInput, NotFound
from kernel.paging import Page, decode_cursor, encode_cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryItem:
    """A line of the delivery log."""

    alert: int | None
    title: str
    route: str
    way: Way
    reason: Reason
    created_at: datetime
    next_at: datetime
    attempts: int
    sent_at: datetime | None
    dropped_at: datetime | None
    failure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteItem:
    """A route as people see it; of its address only the host."""

    id: int
    name: str
    way: Way
    host: str
    roles: tuple[str, ...]
    lowest: Severity
    kinds: str
    quiet: str
    after_minutes: int
    last: DeliveryItem | None


def item(alert: Alert) -> AlertItem:
    """A row as others read it."""
    return AlertItem(
        id=alert.pk,
        kind=alert.kind,
        key=alert.key,
        severity=Severity(alert.severity),
        state=State(alert.state),
        title=alert.title,
        text=alert.text,
        path=alert.path,
        facts=msgspec.convert(alert.facts, tuple[Fact, ...]),
        series=msgspec.convert(alert.series, tuple[Point, ...]),
        unit=alert.unit,
        since=alert.since,
        raised_at=alert.raised_at,
        last_at=alert.last_at,
        seen=alert.seen,
        snoozed_until=alert.snoozed_until,
        resolved_at=alert.resolved_at,
        by=alert.by,
    )


def alerts(
    *, state: str = "", severity: str = "", cursor: str | None = None, limit: int = 50
) -> Page[AlertItem]:
    """Alerts, newest first; ``state`` "standing" is all but resolved. Raises ``InvalidInput``."""
    rows = Alert.objects.order_by("-pk")
    if state == "standing":
        rows = rows.filter(resolved_at=None)
    elif state:
        rows = rows.filter(state=_word(State, state))
    if severity:
        rows = rows.filter(severity=_word(Severity, severity))
    if cursor:
        rows = rows.filter(pk__lt=decode_cursor(cursor, (int,))[0])
    found = list(rows[: limit + 1])
    more = encode_cursor(found[limit - 1].pk) if len(found) > limit else None
    return Page(items=[item(each) for each in found[:limit]], next_cursor=more)


def alert(number: int) -> AlertItem:
    """One alert. Raises ``NotFound``."""
    found = Alert.objects.filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such alert.")
    return item(found)


def latest(kind: str, keys: Sequence[str]) -> dict[str, AlertItem]:
    """The newest alert of a kind for each of these keys, whatever became of it."""
    rows = Alert.objects.filter(kind=kind, key__in=keys).order_by("key", "-pk").distinct("key")
    return {row.key: item(row) for row in rows}


def critical() -> list[AlertItem]:
    """What is critical and nobody has seen to, newest first; five at most."""
    rows = Alert.objects.filter(resolved_at=None, state=State.OPEN, severity=Severity.CRITICAL)
    return [item(each) for each in rows.order_by("-pk")[:5]]


def deliveries(number: int | None = None, *, limit: int = 50) -> list[DeliveryItem]:
    """The delivery log, newest first, of one alert or of all."""
    rows = Delivery.objects.select_related("alert", "route").order_by("-pk")
    if number is not None:
        rows = rows.filter(alert=number)
    return [_delivery(each) for each in rows[:limit]]


def routes() -> list[RouteItem]:
    """All routes, in the order they were made."""
    return [_route(each) for each in Route.objects.order_by("pk")]


def rules() -> list[Rule]:
    """All rules, in the order they were made."""
    return list(Rule.objects.order_by("pk"))


def _word(kind: type[State] | type[Severity], text: str) -> str:
    try:
        return str(kind(text))
    except ValueError:
        raise InvalidInput(f"It is one of {', '.join(kind)}.") from None


def _delivery(row: Delivery) -> DeliveryItem:
    return DeliveryItem(
        alert=row.alert_id,
        title=row.alert.title if row.alert else "Test",
        route=row.route.name,
        way=Way(row.route.way),
        reason=Reason(row.reason),
        created_at=row.created_at,
        next_at=row.next_at,
        attempts=row.attempts,
        sent_at=row.sent_at,
        dropped_at=row.dropped_at,
        failure=row.failure,
    )


def _route(row: Route) -> RouteItem:
    last = row.deliveries.select_related("alert", "route").order_by("-pk").first()
    quiet = ""
    if row.quiet_from is not None and row.quiet_to is not None:
        quiet = f"{row.quiet_from:%H:%M} to {row.quiet_to:%H:%M} ({row.zone})"
    return RouteItem(
        id=row.pk,
        name=row.name,
        way=Way(row.way),
        host=checked(vault.opened(bytes(row.address))).netloc if row.address else "",
        roles=tuple(row.roles),
        lowest=Severity(row.lowest),
        kinds=row.kinds,
        quiet=quiet,
        after_minutes=row.after_minutes,
        last=_delivery(last) if last else None,
    )
