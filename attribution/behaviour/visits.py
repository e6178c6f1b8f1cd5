"""Visits: pages of a person without half an hour of silence between them, and how long they were.

Thirty minutes is the web's convention (Catledge and Pitkow 1995 found 25.5; analytics tools round).
An arrival begins a visit too. Time on the last page of a visit is unknown and counts as none, so a
visit of one page has no length.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attribution.behaviour.history import Histories, Ints
from attribution.behaviour.vocabulary import KINDS

Floats = NDArray[np.float64]

SILENCE = 30 * 60_000_000
"""Microseconds."""

DAY = 86_400_000_000
_PAGE, _ACTION = KINDS.index("page"), KINDS.index("action")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Visits:
    """Per person (people,): visits, pages, seconds in visits, and the days they span.

    ``days`` counts different days with a visit; ``first`` and ``last`` are the starts of the first
    and the last visit in microseconds, 0 without any. ``starts`` are the starts of all visits and
    ``whose`` the rows of their persons, by person and time.
    """

    visits: Ints
    pages: Ints
    seconds: Floats
    days: Ints
    first: Ints
    last: Ints
    starts: Ints
    whose: Ints


def visits(seen: Histories) -> Visits:
    """The visits of everybody; an impression is none, nor is an order told of by a server."""
    size = len(seen)
    inside = (seen.kind == _PAGE) | (seen.kind == _ACTION)
    at, whose, page = seen.at[inside], seen.person[inside], seen.kind[inside] == _PAGE
    arrival = (seen.arrival[inside] > 0) & page
    begins = np.ones(len(at), dtype=np.bool_)
    gap = np.diff(at)
    begins[1:] = (np.diff(whose) > 0) | (gap > SILENCE) | arrival[1:]
    starts, owner = at[begins], whose[begins]
    stays = np.zeros(len(at))
    stays[1:] = np.where(begins[1:], 0, gap) / 1e6
    days = np.unique(np.column_stack([owner, starts // DAY]), axis=0)[:, 0]
    first, last = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    first[owner[::-1]] = starts[::-1]
    last[owner] = starts
    return Visits(
        visits=np.bincount(owner, minlength=size),
        pages=np.bincount(whose[page], minlength=size),
        seconds=np.bincount(whose, weights=stays, minlength=size).astype(np.float64),
        days=np.bincount(days, minlength=size),
        first=first,
        last=last,
        starts=starts,
        whose=owner,
    )
