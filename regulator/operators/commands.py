"""Entering operators into the register and changing their entries: events."""

from datetime import datetime

import msgspec

from eventlog.append import append
from eventlog.said import said
from kernel.errors import InvalidInput, NotFound
from regulator.contracts import OperatorChanged, OperatorRegistered, Terms
from regulator.models import Operator
from regulator.operators import rules

SOURCE = "portal"


class OperatorExists(InvalidInput):
    """Another operator has this short name."""

    code = "operator_exists"
    http_status = 409
    title = "This name is taken"


def register(entry: OperatorRegistered, *, now: datetime) -> None:
    """Enter an operator. Raises ``InvalidOperator`` or ``OperatorExists``."""
    rules.checked(entry)
    if Operator.objects.filter(name=entry.operator).exists():
        raise OperatorExists("Another operator has this short name.", field="operator")
    _say("gaming.operator_registered", entry, now)


def change(entry: OperatorChanged, *, now: datetime) -> None:
    """Replace an entry. Raises ``InvalidOperator`` or ``NotFound``.

    The currency stays: what was played is counted in it.
    """
    rules.checked(entry)
    known = Operator.objects.filter(name=entry.operator).first()
    if known is None:
        raise NotFound("There is no such operator.")
    if known.currency != entry.currency:
        raise rules.InvalidOperator("An operator's currency can't be changed.", field="currency")
    _say("gaming.operator_changed", entry, now)


def _say(name: str, entry: Terms, now: datetime) -> None:
    append([said(name, entry, source=SOURCE, now=now)], recorded_at=now)


def terms(row: Operator) -> OperatorChanged:
    """An operator's present entry, as the next change begins from it."""
    return msgspec.convert(
        {
            "operator": row.name, "name": row.title, "licence": row.licence,
            "licensed_from": row.licensed_from, "licensed_until": row.licensed_until,
            "currency": row.currency, "game_types": row.game_types, "rates": row.rates,
            "actor": "",
        },
        OperatorChanged,
    )  # fmt: skip
