"""Tax is rate times base: rates found in the returns themselves, and every row that is on none.

Nobody has to enter the law: a rate is legal where a twentieth of a market's taxed rows are on it,
or half of a period's operators (so that a new rate is found in the first month of its use); a rate
has changed where at least half of the operators that were on the old one move to the same new one.
Rows on no rate are explained where something does: a loss of earlier periods that is set off (the
running balance of each operator's negative bases, as Kentucky, Michigan and New Jersey allow), a
return that is missing just before, an amount in another unit (times 10, 100, 1000), a wrong digit
as reading a scanned page makes, rounding.

It proves consistency, not that the base is true.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from regulator.detectors.anomaly import Anomaly, Floats, Ints, Kind
from regulator.detectors.digits import slips

LEAST = 12
"""Taxed rows of a market below which no rate is taken for the law."""
TOLERANCE = 0.0005
SHARE = 0.05
_UNITS = (10.0, 100.0, 1000.0, 0.1, 0.01, 0.001)


class Cause(StrEnum):
    """Why a row is on none of the rates that its operator pays."""

    ROUNDING = "rounding"
    CARRY_OVER = "carry_over"
    UNIT = "unit"
    OTHER_RATE = "other_rate"
    DIGIT = "digit"
    MISSING_RETURN = "missing_return"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, kw_only=True, slots=True)
class Returns:
    """Rows of one market (a state's channel), in minor units, in the order of their periods.

    ``period`` counts months; ``tax`` and ``base`` are NaN where they were not stated. A base of
    which only a gross loss is known may be given as that loss: it is carried like any other.
    """

    period: Ints
    operator: tuple[str, ...]
    base: Floats
    tax: Floats


@dataclass(frozen=True, kw_only=True, slots=True)
class RateChange:
    """A market's move from one rate to another, in force from ``period`` on."""

    period: int
    before: float
    after: float
    operators: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OffRate:
    """A row that is on no rate of its operator: what was due, and what explains the difference."""

    row: int
    cause: Cause
    rate: float
    expected: float
    stated: float
    carried: float
    """What earlier losses explain of the base."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """What a market's returns say of its tax."""

    rates: tuple[float, ...]
    changes: tuple[RateChange, ...]
    off: tuple[OffRate, ...]
    taxed: int


def examine(returns: Returns) -> Identity:
    """The rates of a market, their changes, and its rows that are on none, explained."""
    ratio = _ratios(returns)
    taxed = np.isfinite(ratio)
    rates = _legal(returns, ratio)
    if taxed.sum() < LEAST or not rates:
        return Identity(rates=(), changes=(), off=(), taxed=int(taxed.sum()))
    on = _on_rate(ratio, rates)
    changes = _changes(returns, on, rates)
    off = _off_rate(returns, on, rates, changes)
    return Identity(rates=rates, changes=changes, off=tuple(off), taxed=int(taxed.sum()))


def anomalies(returns: Returns, found: Identity) -> list[Anomaly]:
    """What needs eyes: rate changes, and rows off their rate; rounding is nobody's business."""
    told = [
        Anomaly(
            kind=Kind.RATE_CHANGE, started=each.period, ended=each.period, severity=0.1,
            score=each.after / each.before,
            evidence={"before": each.before, "after": each.after, "operators": each.operators},
            explanation=f"The tax rate changed from {each.before:.2%} to {each.after:.2%}: "
            f"{each.operators} operators moved in this period.",
        )
        for each in found.changes
    ]  # fmt: skip
    return told + [_told(returns, each) for each in found.off if each.cause is not Cause.ROUNDING]


_WORDS = {
    Cause.CARRY_OVER: "losses of earlier periods were set off",
    Cause.UNIT: "one of the amounts is in another unit",
    Cause.OTHER_RATE: "it is on a rate that this operator does not pay in this period",
    Cause.DIGIT: "one digit of an amount is wrong",
    Cause.MISSING_RETURN: "a loss in a return that is missing before it would explain it",
    Cause.UNEXPLAINED: "nothing explains the difference",
}
_SEVERITY = {
    Cause.CARRY_OVER: 0.1, Cause.UNIT: 0.7, Cause.OTHER_RATE: 0.6, Cause.DIGIT: 0.5,
    Cause.MISSING_RETURN: 0.4, Cause.UNEXPLAINED: 0.8,
}  # fmt: skip


def _told(returns: Returns, row: OffRate) -> Anomaly:
    period = int(returns.period[row.row])
    return Anomaly(
        kind=Kind.TAX, started=period, ended=period, severity=_SEVERITY[row.cause],
        score=abs(row.stated - row.expected),
        evidence={
            "operator": returns.operator[row.row], "row": row.row, "cause": str(row.cause),
            "rate": row.rate, "expected": row.expected, "stated": row.stated,
            "carried": row.carried,
        },
        explanation=f"{returns.operator[row.row]} states a tax of {row.stated / 100:,.2f}; at "
        f"{row.rate:.2%} it is {row.expected / 100:,.2f}: {_WORDS[row.cause]}.",
    )  # fmt: skip


def _ratios(returns: Returns) -> Floats:
    """Tax by base where both are stated and there was something to tax; NaN elsewhere."""
    usable = np.isfinite(returns.tax) & (np.nan_to_num(returns.base) > 0)
    found: Floats = np.full(returns.base.size, np.nan)
    found[usable] = returns.tax[usable] / returns.base[usable]
    return found


def _legal(returns: Returns, ratio: Floats) -> tuple[float, ...]:
    """Rates that enough rows are on, in ascending order."""
    paid = np.flatnonzero(np.isfinite(ratio) & (ratio > TOLERANCE))
    rounded = np.round(ratio[paid], 4)
    left, found = np.ones(paid.size, dtype=bool), []
    for value, _ in Counter(rounded.tolist()).most_common():
        near = left & (np.abs(ratio[paid] - value) <= TOLERANCE)
        periods, counts = np.unique(returns.period[paid[near]], return_counts=True)
        all_of = np.array([(returns.period[paid] == each).sum() for each in periods])
        often = near.sum() >= max(SHARE * paid.size, 3)
        at_once = bool(((counts >= 3) & (counts >= 0.5 * all_of)).any())
        if often or at_once:
            found.append(_exact(returns, paid[near]))
            left &= ~near
    return tuple(sorted(found))


def _exact(returns: Returns, rows: Ints) -> float:
    """The rate of rows that share one: what the largest of them show, whose rounding is least."""
    largest = rows[np.argsort(returns.base[rows])[-max(rows.size // 2, 1) :]]
    return round(float(np.median(returns.tax[largest] / returns.base[largest])), 4)


def _on_rate(ratio: Floats, rates: tuple[float, ...]) -> Ints:
    """Which of the rates a row is on; -1 for none."""
    apart = np.abs(np.nan_to_num(ratio, nan=np.inf)[:, None] - np.array(rates)[None, :])
    found: Ints = np.where(apart.min(axis=1) <= TOLERANCE + 1e-12, apart.argmin(axis=1), -1)
    return found


def _changes(returns: Returns, on: Ints, rates: tuple[float, ...]) -> tuple[RateChange, ...]:
    """Periods in which at least half of those on one rate, and two of them, move to another."""
    last: dict[str, int] = {}
    found = []
    for period in np.unique(returns.period):
        rows = np.flatnonzero((returns.period == period) & (on >= 0))
        now = {returns.operator[row]: int(on[row]) for row in rows}
        moves = Counter((last[name], rate) for name, rate in now.items() if name in last)
        of = Counter(last[name] for name in now if name in last)
        found += [
            RateChange(
                period=int(period), before=rates[before], after=rates[after], operators=count
            )
            for (before, after), count in moves.items()
            if before != after and count >= 2 and 2 * count >= of[before]
        ]
        last |= now
    return tuple(found)


def _off_rate(
    returns: Returns, on: Ints, rates: tuple[float, ...], changes: tuple[RateChange, ...]
) -> list[OffRate]:
    """Rows that are on no rate of their operator, in the order of the rows."""
    unit = _unit(returns.tax)
    found: list[OffRate] = []
    names = np.array(returns.operator)
    usual = int(np.bincount(on[on >= 0]).argmax())
    for name in dict.fromkeys(returns.operator):
        rows = np.flatnonzero(names == name)
        rows = rows[np.argsort(returns.period[rows], kind="stable")]
        due = _due(returns, rows, on, rates, changes, usual)
        found += _of_operator(returns, rows, due, on, unit)
    return sorted(found, key=lambda each: each.row)


def _due(
    returns: Returns, rows: Ints, on: Ints, rates: tuple[float, ...],
    changes: tuple[RateChange, ...], usual: int,
) -> Floats:  # fmt: skip
    """The rate that an operator owes in each of its rows.

    The one it was on first, or most of the market; moved by the market's changes, and by two rows
    in succession on another legal rate.
    """
    paid = on[rows]
    known = np.flatnonzero(paid >= 0)
    now = rates[int(paid[known[0]]) if known.size else usual]
    due: Floats = np.zeros(rows.size)
    waiting = sorted(changes, key=lambda each: each.period)
    for place, row in enumerate(rows):
        while waiting and waiting[0].period <= returns.period[row]:
            change = waiting.pop(0)
            now = change.after if now == change.before else now
        later = paid[known[known > place]]
        if paid[place] >= 0 and later.size and later[0] == paid[place]:
            moved = rates[int(paid[place])]
            stale = any(
                each.before == moved and each.after == now and each.period <= returns.period[row]
                for each in changes
            )
            now = now if stale else moved
        due[place] = now
    return due


def _unit(taxes: Floats) -> float:
    """What taxes are rounded to: hundreds of minor units where all but a hundredth of rows are."""
    stated = taxes[np.isfinite(taxes)]
    return 100.0 if (np.mod(stated, 100.0) == 0).mean() >= 0.99 else 1.0


@dataclass(kw_only=True, slots=True)
class _Losses:
    """What an operator may still set off, as its rows show it one after the other."""

    carried: float = 0.0
    unused: float = 0.0
    """Losses that a fully taxed period passed over: believed only where they match exactly."""
    missing: bool = False
    """Whether a period without a return has gone by since the last fully taxed one."""

    def paid_in_full(self) -> None:
        self.unused += self.carried
        self.carried, self.missing = 0.0, False

    def used(self, amount: float) -> None:
        late = max(amount - self.carried, 0.0)
        self.carried = max(self.carried - amount, 0.0)
        self.unused = max(self.unused - late, 0.0)


def _of_operator(returns: Returns, rows: Ints, due: Floats, on: Ints, unit: float) -> list[OffRate]:
    """The rows of one operator that are off its rate; losses are carried until they are used."""
    losses, found = _Losses(), []
    gaps = np.diff(returns.period[rows], prepend=returns.period[rows[:1]]) > 1
    for row, rate, gap in zip(rows, due, gaps, strict=True):
        base, stated = float(returns.base[row]), float(returns.tax[row])
        losses.missing |= bool(gap)
        if not base > 0:
            refunded = stated < 0 and abs(stated - rate * base) <= TOLERANCE * -base + unit
            losses.carried += 0.0 if refunded or not np.isfinite(base) else -base
        elif not np.isfinite(stated):
            losses.used(base)
        elif abs(stated / base - rate) <= TOLERANCE + 1e-12:
            losses.paid_in_full()
        else:
            cause = _cause(base, stated, float(rate), losses, unit=unit, legal=bool(on[row] >= 0))
            used = base - stated / rate if cause is Cause.CARRY_OVER else 0.0
            losses.used(used)
            found.append(
                OffRate(
                    row=int(row), cause=cause, rate=float(rate), expected=float(rate * base),
                    stated=stated, carried=float(used),
                )
            )  # fmt: skip
    return found


def _cause(
    base: float, stated: float, rate: float, losses: _Losses, *, unit: float, legal: bool
) -> Cause:
    """What explains a tax of ``stated`` on ``base``, the most exact explanation first."""
    expected, short = rate * base, base - stated / rate
    near = TOLERANCE * base + unit
    held = {losses.carried, losses.unused, losses.carried + losses.unused} - {0.0}
    checks = (
        (Cause.ROUNDING, abs(stated - expected) <= unit),
        (
            Cause.CARRY_OVER,
            any(abs(stated - rate * max(base - each, 0.0)) <= near for each in held),
        ),
        (
            Cause.UNIT,
            any(abs(stated - expected * each) <= TOLERANCE * expected * each for each in _UNITS),
        ),
        (Cause.OTHER_RATE, legal),
        (Cause.DIGIT, _slipped(base, stated, rate, unit)),
        (Cause.CARRY_OVER, 0.0 < short <= losses.carried * (1.0 + TOLERANCE)),
        (Cause.MISSING_RETURN, short > 0.0 and losses.missing),
    )
    return next((cause for cause, holds in checks if holds), Cause.UNEXPLAINED)


def _slipped(base: float, stated: float, rate: float, unit: float) -> bool:
    """Whether one wrong digit in the tax, or in the base, makes the two agree."""
    taxes = (each * unit for each in slips(round(stated / unit)))
    bases = (each * unit for each in slips(round(base / unit)))
    return any(abs(each - rate * base) <= unit for each in taxes) or any(
        abs(stated - rate * each) <= unit for each in bases
    )
