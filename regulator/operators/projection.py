"""From the register's events and the filed returns to their rows: a projection of its own."""

from collections.abc import Sequence

import msgspec

from eventlog.catalogue import decode
from eventlog.contracts import StoredEvent
from eventlog.tenancy import active_tenant
from regulator.contracts import OperatorChanged, OperatorRegistered, ReturnFiled
from regulator.models import Operator, Return

NAME = "regulator-register"
"""The projection's name."""
_TYPES = frozenset({"gaming.operator_registered", "gaming.operator_changed", "gaming.return_filed"})


def handle(events: Sequence[StoredEvent]) -> None:
    """Apply a batch in the order of the log."""
    for stored in events:
        if stored.type in _TYPES:
            _apply(stored)


def reset() -> None:
    """Forget the register and the returns."""
    active_tenant()
    Operator.objects.all().delete()
    Return.objects.all().delete()


def _apply(stored: StoredEvent) -> None:
    body = decode(stored)
    match body:
        case OperatorRegistered():
            row = _row(body) | {"registered_at": stored.occurred_at}
            Operator.objects.get_or_create(
                name=body.operator, defaults=row | {"changed_at": stored.occurred_at}
            )
        case OperatorChanged():
            row = _row(body) | {"changed_at": stored.occurred_at}
            Operator.objects.filter(name=body.operator).update(**row)
        case ReturnFiled():
            _file(stored, body)


def _row(body: OperatorRegistered | OperatorChanged) -> dict[str, object]:
    return {
        "title": body.name, "licence": body.licence, "licensed_from": body.licensed_from,
        "licensed_until": body.licensed_until, "currency": body.currency,
        "game_types": list(body.game_types), "rates": msgspec.to_builtins(body.rates),
    }  # fmt: skip


def _file(stored: StoredEvent, body: ReturnFiled) -> None:
    Return.objects.create(
        event=stored.id, operator=body.operator, start=body.start, end=body.end,
        vintage=body.vintage, known_at=stored.recorded_at, place=stored.position,
        currency=body.currency, stakes=body.stakes, payouts=body.payouts, refunds=body.refunds,
        ggr=body.ggr, tax=body.tax, ggr_to_date=body.ggr_to_date, source=body.source,
    )  # fmt: skip
