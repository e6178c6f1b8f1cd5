"""From counts of cases to the figures of a page. Pure.

Amounts of different currencies are never added: each has its own sum, the tenant's own first.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum

from fraud.contracts import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Cases that share a key and a currency; an empty currency is the tenant's own."""

    key: str
    currency: str
    cases: int
    review: int
    blocked: int
    value: float
    blocked_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Money of one currency."""

    amount: float
    currency: str


Amounts = tuple[Amount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a table: cases of one key and what they are worth; ``share`` is of all cases."""

    key: str
    cases: int
    review: int
    blocked: int
    share: float
    value: Amounts
    blocked_value: Amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The cases of a day, by verdict."""

    day: date
    review: int
    blocked: int


def lines(groups: Iterable[Group], *, home: str) -> tuple[Line, ...]:
    """A line per key, those with most cases first."""
    held: defaultdict[str, list[Group]] = defaultdict(list)
    for each in groups:
        held[each.key].append(each)
    every = sum(each.cases for mine in held.values() for each in mine)
    found = [_line(key, mine, every, home) for key, mine in held.items()]
    return tuple(sorted(found, key=lambda each: (-each.cases, each.key)))


def total(groups: Sequence[Group], *, home: str) -> Line:
    """All of them in one line."""
    return _line("", groups, sum(each.cases for each in groups), home)


def days(counts: Mapping[tuple[date, str], int], *, start: date, end: date) -> tuple[Day, ...]:
    """Every day from ``start`` to ``end``, those without a case too."""
    every = (start + timedelta(days=place) for place in range((end - start).days + 1))
    return tuple(
        Day(
            day=day,
            review=counts.get((day, Verdict.REVIEW), 0),
            blocked=counts.get((day, Verdict.BLOCK), 0),
        )
        for day in every
    )


def amounts(pairs: Iterable[tuple[str, float]], *, home: str) -> Amounts:
    """Sums of (currency, amount) by currency: the tenant's own first, whether it has any or not."""
    sums: defaultdict[str, list[float]] = defaultdict(list)
    for currency, amount in pairs:
        sums[currency or home].append(amount)
    others = sorted(code for code, parts in sums.items() if code != home and any(parts))
    return tuple(Amount(amount=fsum(sums[code]), currency=code) for code in (home, *others))


def _line(key: str, groups: Sequence[Group], every: int, home: str) -> Line:
    cases = sum(each.cases for each in groups)
    return Line(
        key=key,
        cases=cases,
        review=sum(each.review for each in groups),
        blocked=sum(each.blocked for each in groups),
        share=cases / every if every else 0.0,
        value=amounts(((each.currency, each.value) for each in groups), home=home),
        blocked_value=amounts(((each.currency, each.blocked_value) for each in groups), home=home),
    )
