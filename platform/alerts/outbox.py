"""Deliver what is due: claimed before the first word, tried again until it arrives or can't.

What is due for the same route (and person) for the same reason goes as one message. Claiming sets
the time of the next try first, so no transaction waits for a receiver, and a worker that dies
leaves its deliveries to the next. At least once, therefore; the id follows from what is told.
"""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from alerts import queries, vault
from alerts.contracts import Reason, State, Way
from alerts.directory import directory
from alerts.models import Delivery
from alerts.ways import email, slack, webhook
from alerts.ways.outcome import FIRST_WAIT, Refused, next_try
from alerts.words import Message
from kernel.errors import DomainError

SEEN_TO = (State.ACKNOWLEDGED, State.SNOOZED, State.RESOLVED)
_log = logging.getLogger(__name__)


def deliver(*, now: datetime, limit: int = 100) -> int:
    """Send what is due in the active tenant, at most ``limit`` messages; returns how many left."""
    sent = 0
    for _ in range(limit):
        claimed = _claim(now)
        if claimed is None:
            break
        sent += bool(claimed) and _deliver(claimed, now)
    return sent


def forget(*, before: datetime) -> None:
    """Drop deliveries that were done before then."""
    Delivery.objects.filter(sent_at__lt=before).delete()
    Delivery.objects.filter(dropped_at__lt=before).delete()


def _claim(now: datetime) -> list[Delivery] | None:
    """Deliveries that go together, their next try set; empty when none of them is wanted any more.

    ``None`` when nothing is due.
    """
    due = Delivery.objects.filter(sent_at=None, dropped_at=None, next_at__lte=now)
    with transaction.atomic():
        free = due.select_for_update(skip_locked=True, of=("self",)).order_by("next_at", "pk")
        first = free.first()
        if first is None:
            return None
        together = free.filter(route=first.route_id, person=first.person, reason=first.reason)
        rows = list(together.select_related("alert", "route"))
        stale = [row for row in rows if _stale(row)]
        Delivery.objects.filter(pk__in=[row.pk for row in stale]).update(
            dropped_at=now, failure="somebody has seen to it"
        )
        kept = [row for row in rows if row not in stale]
        Delivery.objects.filter(pk__in=[row.pk for row in kept]).update(
            attempts=F("attempts") + 1, next_at=now + FIRST_WAIT * 4
        )
    for row in kept:
        row.attempts += 1
    return kept


def _stale(row: Delivery) -> bool:
    """An escalation of what somebody sees to; a telling of what is over meanwhile."""
    if row.alert is None:
        return False
    if row.route.after_minutes and row.alert.state in SEEN_TO:
        return True
    return row.reason != Reason.RESOLVED and row.alert.state == State.RESOLVED


def _deliver(rows: Sequence[Delivery], now: datetime) -> bool:
    numbers = [row.pk for row in rows]
    try:
        _send(rows, now)
    except Refused as refused:
        _not_now(rows, refused, now)
        return False
    except DomainError as error:
        _not_now(rows, Refused(why=error.detail, final=True), now)
        return False
    except ValueError as error:  # words or an address that this way can't carry
        _not_now(rows, Refused(why=f"can't be written ({type(error).__name__})", final=True), now)
        return False
    Delivery.objects.filter(pk__in=numbers).update(sent_at=now, failure="")
    return True


def _send(rows: Sequence[Delivery], now: datetime) -> None:
    first = rows[0]
    slug, name = directory().organisation()
    message = Message(
        reason=Reason(first.reason),
        alerts=tuple(queries.item(row.alert) for row in rows if row.alert is not None),
        organisation=name,
        portal=settings.PORTAL_URL.format(slug=slug),
    )
    # The same for the same deliveries, for receivers that look; another when others joined them.
    numbers = ",".join(str(row.pk) for row in sorted(rows, key=lambda row: row.pk))
    key = f"{slug}-{hashlib.sha256(numbers.encode()).hexdigest()[:32]}"
    route = first.route
    if first.route.way == Way.EMAIL:
        to = directory().members(route.roles).get(first.person or 0)
        if to is None:
            raise Refused(why="no member of the route's roles any more", final=True)
        email.send(message, to=to, id=f"<alert-{key}@{settings.BASE_DOMAIN}>")
    elif first.route.way == Way.SLACK:
        slack.send(message, address=vault.opened(bytes(route.address)))
    else:
        address, secret = vault.opened(bytes(route.address)), vault.opened(bytes(route.secret))
        webhook.send(message, address=address, secret=secret, id=key, now=now)


def _not_now(rows: Sequence[Delivery], refused: Refused, now: datetime) -> None:
    wait = next_try(max(row.attempts for row in rows), refused)
    changes: dict[str, object] = {"failure": refused.why[:200]}
    changes |= {"dropped_at": now} if wait is None else {"next_at": now + wait}
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(**changes)
    _log.warning("an alert did not arrive by %s: %s", rows[0].route.way, refused.why)
