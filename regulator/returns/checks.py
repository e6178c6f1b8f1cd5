"""Exact checks of returns: against themselves, against each other, against the feed. Pure.

Statistics on weekly totals hardly see what is left out of a return; sums of single bets do. So
these come first, and every one is an equation: what was found is a difference, not a suspicion.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from regulator.contracts import FindingKind, Severity, Terms
from regulator.money import said
from regulator.operators import tax as schedule
from regulator.returns.finding import Finding, weight
from regulator.returns.history import Filed, current, restatements

DUE = timedelta(days=35)
"""A return is due so long after its period."""
RESTATED = 0.01
"""A restatement that moves GGR by this share or more is worth a look."""
_DAY = timedelta(days=1)
_WORDS = {"stakes": "stakes", "payouts": "payouts", "refunds": "refunds", "ggr": "GGR"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """What the feed holds of a day or of a period."""

    stakes: int = 0
    payouts: int = 0
    refunds: int = 0

    @property
    def ggr(self) -> int:
        """Stakes less payouts less refunds."""
        return self.stakes - self.payouts - self.refunds


Days = Mapping[date, Fed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A return beside the feed of its days; ``fed`` is ``None`` where the feed began later."""

    filed: Filed
    fed: Fed | None

    @property
    def differences(self) -> dict[str, int]:
        """Declared less fed, by figure; empty without a feed."""
        if self.fed is None:
            return {}
        return {each: getattr(self.filed, each) - getattr(self.fed, each) for each in _WORDS}


def beside(filed: Filed, days: Days) -> Beside:
    """A return with the sum of its days in the feed."""
    if not days or min(days) > filed.start:
        return Beside(filed=filed, fed=None)
    length = (filed.end - filed.start).days + 1
    asked = (filed.start + number * _DAY for number in range(length))
    mine = [days[day] for day in asked if day in days]
    return Beside(
        filed=filed,
        fed=Fed(
            stakes=sum(each.stakes for each in mine),
            payouts=sum(each.payouts for each in mine),
            refunds=sum(each.refunds for each in mine),
        ),
    )


def of_returns(terms: Terms, versions: Sequence[Filed], days: Days, today: date) -> list[Finding]:
    """All that is wrong with one operator's returns, as they hold now."""
    held = current(versions)
    found: list[Finding] = []
    for each in held:
        found += _alone(terms, each)
        found += _tax(terms, each)
        found += _fed(beside(each, days))
    found += _following(held)
    found += _undeclared(terms, held, days, today)
    found += _history(versions)
    return found


def _of(filed: Filed, kind: FindingKind, severity: Severity, **fields: object) -> Finding:
    return Finding(
        operator=filed.operator, kind=kind, severity=severity, start=filed.start, end=filed.end,
        currency=filed.currency, **fields,  # type: ignore[arg-type]  # the rest of its fields
    )  # fmt: skip


def _alone(terms: Terms, filed: Filed) -> Iterator[Finding]:
    """What is wrong with a return by itself."""
    if filed.currency != terms.currency:
        yield _of(
            filed, FindingKind.FORMAT, Severity.WARNING, code="currency_differs",
            title="The return is in another currency",
            text=f"It is in {filed.currency}; the operator's feed is in {terms.currency}.",
        )  # fmt: skip
    negative = [each for each in ("stakes", "payouts", "refunds") if getattr(filed, each) < 0]
    if negative:
        yield _of(
            filed, FindingKind.FORMAT, Severity.WARNING, code="negative_figure",
            title=f"Negative {' and '.join(negative)}",
            text="Only GGR and tax can be below zero.",
        )  # fmt: skip
    expected = filed.stakes - filed.payouts - filed.refunds
    if off := filed.ggr - expected:
        yield _of(
            filed, FindingKind.CONTENT, weight(off, filed.stakes), code="ggr_identity",
            title="GGR is not stakes less payouts less refunds", difference=off,
            text=f"Declared {said(filed.ggr, filed.currency)}; the return's own figures give"
            f" {said(expected, filed.currency)}.",
        )  # fmt: skip


def _tax(terms: Terms, filed: Filed) -> Iterator[Finding]:
    """Tax against the schedule in force; a cent of rounding is allowed."""
    tax = filed.tax
    bounds = schedule.of_period(
        terms.rates, filed.start, filed.end, stakes=filed.stakes, ggr=filed.ggr
    )
    if tax is None or bounds is None or bounds[0] - 1 <= tax <= bounds[1] + 1:
        return
    due = bounds[0] if tax < bounds[0] else bounds[1]
    off = tax - due
    yield _of(
        filed, FindingKind.CONTENT, weight(off, max(filed.ggr, 0)), code="tax_differs",
        title="The tax is not what the schedule says", difference=off,
        text=f"Declared {said(tax, filed.currency)}, due {said(due, filed.currency)}."
        f" {_reason(terms, filed, tax, due)}".rstrip(),
    )  # fmt: skip


def _reason(terms: Terms, filed: Filed, tax: int, due: int) -> str:
    """What would explain a wrong tax, where something does."""
    for each in terms.rates:
        base = filed.ggr if each.base == "ggr" else filed.stakes
        if abs(schedule.due(base, each.brackets) - tax) <= 1:
            return f"It is what the rates of {each.since} give."
    for factor in (100, 1_000):
        if due and factor - 1 < tax / due < factor + 1:
            return f"It is {factor} times too much: a wrong unit."
        if tax and factor - 1 < due / tax < factor + 1:
            return f"It is {factor} times too little: a wrong unit."
    return f"That is {tax / filed.ggr:.2%} of GGR." if filed.ggr > 0 else ""


def _fed(each: Beside) -> Iterator[Finding]:
    """A return against the sum of the single records."""
    filed, fed = each.filed, each.fed
    off = {name: value for name, value in each.differences.items() if value}
    if fed is None or not off:
        return
    worst = max(off.values(), key=abs)
    told = "; ".join(
        f"{_WORDS[name]} declared {said(getattr(filed, name), filed.currency)}, sent"
        f" {said(getattr(fed, name), filed.currency)}"
        for name in off
    )
    yield _of(
        filed, FindingKind.EXTERNAL, weight(worst, max(filed.stakes, fed.stakes)),
        code="feed_differs", title="The return is not what was sent", difference=worst,
        text=f"{told[0].upper()}{told[1:]}.",
    )  # fmt: skip


def _following(held: Sequence[Filed]) -> Iterator[Finding]:
    """Periods follow each other without hole or overlap, and totals to date add up."""
    for before, after in pairwise(held):
        if after.start <= before.end:
            yield _of(
                after, FindingKind.FORMAT, Severity.WARNING, code="period_overlaps",
                title="Two returns are of the same days",
                text=f"The one before ends on {before.end}.",
            )  # fmt: skip
        elif after.start > before.end + _DAY:
            yield Finding(
                operator=after.operator, kind=FindingKind.FORMAT, severity=Severity.WARNING,
                code="period_missing", title="A return is missing between two",
                text="Nothing was filed for these days.", start=before.end + _DAY,
                end=after.start - _DAY,
            )  # fmt: skip
        elif before.ggr_to_date is not None and after.ggr_to_date is not None:
            yield from _rolled(before.ggr_to_date, after.ggr_to_date, before, after)


def _rolled(had: int, has: int, before: Filed, after: Filed) -> Iterator[Finding]:
    """The year's GGR to date is that of the return before, and this one's."""
    expected = after.ggr + (had if after.end.year == before.end.year else 0)
    if off := has - expected:
        yield _of(
            after, FindingKind.CONTENT, weight(off, after.stakes), code="roll_forward",
            title="The year to date does not follow from the return before", difference=off,
            text=f"Declared {said(has, after.currency)}; the return before and this one give"
            f" {said(expected, after.currency)}.",
        )  # fmt: skip


def _undeclared(terms: Terms, held: Sequence[Filed], days: Days, today: date) -> Iterator[Finding]:
    """Days that were played and that no return is of, when it is due; those in a row are one."""
    spans = [(each.start, each.end) for each in held]
    open_days = sorted(
        day
        for day, fed in days.items()
        if fed.stakes
        and _month_end(day) + DUE < today
        and not any(low <= day <= high for low, high in spans)
    )
    for run in _runs(open_days):
        stakes = sum(days[day].stakes for day in run)
        yield Finding(
            operator=terms.operator, kind=FindingKind.EXTERNAL, severity=Severity.WARNING,
            code="not_declared", title="Played, but not declared", start=run[0], end=run[-1],
            text=f"The feed holds stakes of {said(stakes, terms.currency)}; no return is of these"
            " days.",
            difference=stakes, currency=terms.currency,
        )  # fmt: skip


def _month_end(day: date) -> date:
    """A month is the longest period in use: a return of it may still come until this is due."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - _DAY


def _runs(days: Sequence[date]) -> list[list[date]]:
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == _DAY and day.month == runs[-1][-1].month:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _history(versions: Sequence[Filed]) -> Iterator[Finding]:
    """Restatements that moved GGR, and first versions that came late."""
    for before, after in restatements(versions):
        moved = after.ggr - before.ggr
        if abs(moved) >= RESTATED * abs(before.ggr) and moved:
            yield _of(
                after, FindingKind.STUDY, Severity.NOTE, code="restated",
                title="Restated", difference=moved,
                text=f"GGR was {said(before.ggr, before.currency)} on {before.vintage} and is"
                f" {said(after.ggr, after.currency)} since {after.vintage}.",
            )  # fmt: skip
    first: dict[tuple[date, date], Filed] = {}
    for each in sorted(versions, key=lambda each: (each.vintage, each.place)):
        first.setdefault((each.start, each.end), each)
    for each in first.values():
        if each.vintage > each.end + DUE:
            yield _of(
                each, FindingKind.STUDY, Severity.NOTE, code="filed_late", title="Filed late",
                text=f"It came on {each.vintage}; it was due by {each.end + DUE}.",
            )  # fmt: skip
