"""What changes attribution's figures by a person's or a program's will: exchange rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from attribution.contracts import RateSet, RateWithdrawn
from attribution.money.sent import midnight
from eventlog.append import append
from eventlog.contracts import Appended, NewEvent
from eventlog.said import said
from kernel import days, ids, money
from kernel.errors import InvalidInput


class UnusableRate(InvalidInput):
    """A rate of the tenant's own currency, against another one, or for a day to come."""

    code = "unusable_rate"
    title = "The rate can't be used"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRate:
    """A rate to set: a unit of ``currency`` is worth ``rate`` trillionths from ``day`` on.

    ``name`` is what a retry is recognised by, where there is such a thing.
    """

    day: date
    currency: str
    rate: int
    name: str | None = None


def checked_rate(
    *, day: date, currency: object, rate: object, base: object, home: str, now: datetime
) -> NewRate:
    """The rate somebody gave, against ``home``; raises what is wrong with it."""
    word = money.currency(currency)
    if word == home:
        raise UnusableRate(f"{home} is your own currency and needs no rate.", field="currency")
    if base and money.currency(base) != home:
        raise UnusableRate(f"Rates are against {home}, your currency.", field="base")
    if day > now.date() + timedelta(days=1):
        raise UnusableRate("The day is in the future.", field="day")
    if day < days.FIRST:
        raise UnusableRate(f"The day is before {days.FIRST}.", field="day")
    return NewRate(day=day, currency=word, rate=money.rate(rate))


def set_rates(*, rates: Sequence[NewRate], home: str, source: str, now: datetime) -> Appended:
    """Record ``rates`` against ``home`` in the active tenant's log; figures follow."""
    return append(
        [
            _event(
                "money.rate_set",
                RateSet(
                    day=each.day,
                    currency=each.currency,
                    rate=money.rate_text(each.rate),
                    base=home,
                ),
                name=each.name,
                source=source,
                now=now,
            )
            for each in rates
        ],
        recorded_at=now,
    )


def withdraw_rate(*, currency: str, day: date, base: str, source: str, now: datetime) -> None:
    """Record that the rate of a currency for a day was a mistake."""
    body = RateWithdrawn(day=day, currency=money.currency(currency), base=base)
    event = _event("money.rate_withdrawn", body, name=None, source=source, now=now)
    append([event], recorded_at=now)


def _event(
    kind: str, body: RateSet | RateWithdrawn, *, name: str | None, source: str, now: datetime
) -> NewEvent:
    known = ids.event_id(name) if name else None
    return said(kind, body, source=source, now=now, id=known, occurred_at=midnight(body.day))
