"""Filing a return, first version or restatement: an event, recognised when it is told again."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from eventlog.append import append
from eventlog.said import said
from kernel import ids
from kernel.errors import InvalidInput
from regulator.contracts import ReturnFiled
from regulator.models import Operator

_EARLIEST = date(1990, 1, 1)
_LONGEST = timedelta(days=400)


class InvalidReturn(InvalidInput):
    """A return can't be kept as it is."""

    code = "invalid_return"
    title = "The return can't be kept"


def check(filed: ReturnFiled, *, known: frozenset[str], today: date) -> ReturnFiled:
    """``filed`` when it can be kept; raises ``InvalidReturn`` saying what is wrong.

    Only what makes it unreadable is refused: figures that contradict each other are kept and found.
    """
    if filed.operator not in known:
        raise InvalidReturn(f"{filed.operator[:40]!r} is no registered operator.", field="operator")
    if filed.end < filed.start or filed.end - filed.start > _LONGEST:
        raise InvalidReturn("A period ends after it begins, within 400 days.", field="end")
    if filed.start < _EARLIEST or filed.vintage > today:
        raise InvalidReturn("A return is of days since 1990 and not of the future.", field="start")
    if filed.vintage < filed.start:
        raise InvalidReturn("A version can't be older than its period.", field="vintage")
    return filed


def known_operators() -> frozenset[str]:
    """The short names of all operators."""
    return frozenset(Operator.objects.values_list("name", flat=True))


def file(returns: Sequence[ReturnFiled], *, now: datetime) -> int:
    """Append checked returns; how many were new. The same figures of the same day are one."""
    events = [
        said(
            "gaming.return_filed", each, source="import", now=now, id=_name(each),
            occurred_at=datetime.combine(each.vintage, time(), UTC),
        )
        for each in returns
    ]  # fmt: skip
    return append(events, recorded_at=now).accepted


def _name(each: ReturnFiled) -> UUID:
    figures = (each.stakes, each.payouts, each.refunds, each.ggr, each.tax, each.ggr_to_date)
    of = (each.operator, each.start, each.end, each.vintage, each.currency, *figures)
    return ids.event_id("return " + " ".join(map(str, of)))
