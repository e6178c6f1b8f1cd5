"""What tax is due: dated rates with brackets, in whole numbers. Pure.

A bracket taxes what lies above its threshold at its rate, up to the next threshold (a marginal
schedule, as income taxes are). A loss owes nothing. Rounded once, half away from zero, as
authorities do on paper.
"""

from collections.abc import Sequence
from datetime import date

from regulator.contracts import Bracket, Rates, TaxBase

_MILLION = 1_000_000


def due(base: int, brackets: Sequence[Bracket]) -> int:
    """The tax on ``base`` in smallest units; ``brackets`` are in the order of their thresholds."""
    tops = [*(each.above for each in brackets[1:]), base]
    total = sum(
        max(min(base, top) - each.above, 0) * each.rate
        for each, top in zip(brackets, tops, strict=True)
    )
    return (2 * total + _MILLION) // (2 * _MILLION)


def in_force(rates: Sequence[Rates], day: date) -> Rates | None:
    """What holds on ``day``; ``None`` before the first rates."""
    holding = [each for each in rates if each.since <= day]
    return max(holding, key=lambda each: each.since) if holding else None


def of_period(
    rates: Sequence[Rates], start: date, end: date, *, stakes: int, ggr: int
) -> tuple[int, int] | None:
    """The least and the most tax that can be due for a period; ``None`` without rates.

    Both are the same unless the rates change within the period: then a total alone does not tell
    which part fell under which, and either rate bounds it.
    """
    first = in_force(rates, start)
    held = [first] if first else []
    held += [each for each in rates if start < each.since <= end]
    if not held:
        return None
    taxes = [due(_base(each, stakes, ggr), each.brackets) for each in held]
    return min(taxes), max(taxes)


def _base(rates: Rates, stakes: int, ggr: int) -> int:
    return ggr if rates.base is TaxBase.GGR else stakes
