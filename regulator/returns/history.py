"""The versions of returns: which held when. Pure.

Two times are kept of each: the *vintage*, the day of that version as it was filed or published, and
when the log got it. A version is never replaced; a later one holds from its vintage on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One version of a return, in smallest units; ``place`` is its place in the log."""

    operator: str
    start: date
    end: date
    vintage: date
    known_at: datetime
    place: int
    currency: str
    stakes: int
    payouts: int
    refunds: int
    ggr: int
    tax: int | None = None
    ggr_to_date: int | None = None
    source: str = ""


def current(versions: Iterable[Filed], *, as_of: date | None = None) -> list[Filed]:
    """The version that held of each operator's period, by period; ``as_of`` a day, or now."""
    held: dict[tuple[str, date, date], Filed] = {}
    for each in versions:
        if as_of is not None and each.vintage > as_of:
            continue
        key = (each.operator, each.start, each.end)
        if key not in held or _order(each) > _order(held[key]):
            held[key] = each
    return sorted(held.values(), key=lambda each: (each.operator, each.start, each.end))


def restatements(versions: Iterable[Filed]) -> list[tuple[Filed, Filed]]:
    """Each version with the one it replaced, where a figure changed."""
    chains: dict[tuple[str, date, date], list[Filed]] = {}
    for each in versions:
        chains.setdefault((each.operator, each.start, each.end), []).append(each)
    return [
        (before, after)
        for chain in chains.values()
        for before, after in pairwise(sorted(chain, key=_order))
        if _figures(before) != _figures(after)
    ]


def _order(each: Filed) -> tuple[date, int]:
    return each.vintage, each.place


def _figures(each: Filed) -> tuple[int | None, ...]:
    return each.stakes, each.payouts, each.refunds, each.ggr, each.tax, each.ggr_to_date
