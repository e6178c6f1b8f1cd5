"""Which events a dossier holds. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from evidence.contracts import Selection, Sort
from regulator.contracts_cases import About, AboutKind

RECORDS = ("gaming.stake", "gaming.payout", "gaming.refund", "gaming.no_activity")
RECEIPT = "gaming.batch_received"
REGISTER = ("gaming.operator_registered", "gaming.operator_changed")
RETURNS = ("gaming.return_filed",)
LATE = timedelta(days=1)
"""What was found and done so long after an operator's days belongs to them."""
USUAL = timedelta(days=30)
"""The stretch of a case that names none ends when it was opened and is so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose dossier: an operator's from ``since`` to before ``until``, of a case or of none.

    ``anomalies`` are the ids of those it is about; ``returns`` the events of the returns whose
    period the stretch touches, of every vintage; ``receipts`` those of the batches that brought
    the stretch's records, whenever they came.
    """

    operator: str
    since: datetime
    until: datetime
    case: str = ""
    reference: str = ""
    anomalies: tuple[str, ...] = ()
    returns: tuple[UUID, ...] = ()
    receipts: tuple[UUID, ...] = ()


def stretch(about: Sequence[About], opened_at: datetime) -> tuple[datetime, datetime]:
    """From the first to behind the last moment a case is about; what has no end ends at opening."""
    begun = [each.started_at for each in about if each.started_at]
    ended = [each.ended_at or opened_at for each in about if each.started_at]
    if not begun:
        return opened_at - USUAL, opened_at
    return min(begun), max(*ended, min(begun) + timedelta(hours=1))


def anomalies(about: Sequence[About]) -> tuple[str, ...]:
    """The ids of the anomalies a case is about."""
    return tuple(each.id for each in about if each.kind is AboutKind.ANOMALY)


def selection(scope: Scope, types: Sequence[str]) -> Selection:
    """The events of a dossier; ``types`` are all the catalogue knows.

    Records of the operator in the stretch, their receipts, the returns that touch it, the
    register's entries until its end, and what was found and done: of the case, or of all the
    operator's.
    """
    of_operator = (("operator", scope.operator),)
    late = scope.until + LATE
    sorts = [
        Sort(types=RECORDS, start=scope.since, end=scope.until, having=of_operator),
        Sort(types=REGISTER, end=scope.until, having=of_operator),
    ]
    if scope.receipts:
        sorts.append(Sort(types=(RECEIPT,), ids=scope.receipts, having=of_operator))
    if scope.returns:
        sorts.append(Sort(types=RETURNS, ids=scope.returns, having=of_operator))
    of_cases = tuple(each for each in types if each.startswith("gaming.case_"))
    of_anomalies = tuple(each for each in types if each.startswith("gaming.anomaly_"))
    if scope.case:
        sorts.append(Sort(types=of_cases, having=(*of_operator, ("case", scope.case))))
        sorts += [
            Sort(types=of_anomalies, having=(("anomaly", each),))
            for each in scope.anomalies
            if of_anomalies
        ]
    else:
        found = of_cases + of_anomalies
        sorts.append(Sort(types=found, start=scope.since, end=late, having=of_operator))
    return Selection(sorts=tuple(sorts), about=_words(scope))


def _words(scope: Scope) -> tuple[tuple[str, str], ...]:
    found = (
        ("case", scope.reference), ("operator", scope.operator),
        ("from", scope.since.isoformat()), ("before", scope.until.isoformat()),
    )  # fmt: skip
    return tuple((name, text) for name, text in found if text)
