"""Names for profiles: the four of the field where one fits, else what is unusual about them. Pure.

A profile's likeness to a kind is the mean of its centre over the columns by which that kind is
told, each with its sign. Names go to profiles so that the likenesses sum to most (the assignment
problem: Kuhn 1955); one below ``LEAST`` is no likeness.
"""

from itertools import islice

import numpy as np

from attribution.behaviour.features import names
from attribution.behaviour.visits import Floats

_OPPOSITES = ("price seeking: other", "week: weekdays")
"""Columns that say again, with the sign turned, what another says."""

LEAST = 0.2
"""Mean deviation from the usual from which on a profile is called by a kind's name."""

TELLS: dict[str, tuple[str, ...]] = {
    "Passive Explorer": (
        "pages: content", "query intent: informational", "-pages per visit", "-seconds per visit",
    ),
    "Deal Hunter": ("price seeking: price", "pages: price", "query intent: price"),
    "Loyalist": ("query intent: brand", "pages: account", "arrivals: direct", "arrivals: email"),
    "High-Intent": (
        "pages: compare", "pages: product", "query intent: transactional",
        "query intent: commercial", "pages per visit",
    ),
}  # fmt: skip
"""The columns by which each kind is told; a minus for those that speak against it."""

SAID: dict[str, str] = {
    "Passive Explorer": "Look around for ideas, stay for a page or two, buy little.",
    "Deal Hunter": "Come for the price: sales, vouchers, codes.",
    "Loyalist": "Know the shop: by its name, by mail, by their account.",
    "High-Intent": "Compare, read on, stay long: about to decide.",
}


def likeness(centres: Floats) -> Floats:
    """How like each profile is each kind of ``TELLS``: (profiles, kinds)."""
    place = {name: number for number, name in enumerate(names())}
    found = np.zeros((len(centres), len(TELLS)))
    for column, tells in enumerate(TELLS.values()):
        rows = [place[tell.removeprefix("-")] for tell in tells]
        signs = np.array([-1.0 if tell.startswith("-") else 1.0 for tell in tells])
        found[:, column] = (centres[:, rows] * signs).mean(axis=1)
    return found


def named(centres: Floats) -> tuple[str, ...]:
    """A name for each profile, no two alike."""
    found = likeness(centres)
    from scipy.optimize import linear_sum_assignment  # half a second; the worker's alone

    rows, columns = linear_sum_assignment(-found)
    kinds = list(TELLS)
    given = {
        row: kinds[column]
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if found[row, column] >= LEAST
    }
    taken: dict[str, int] = {}
    result = []
    for row in range(len(centres)):
        name = given.get(row) or described(centres[row])
        taken[name] = taken.get(name, 0) + 1
        result.append(name if taken[name] == 1 else f"{name} {taken[name]}")
    return tuple(result)


def described(centre: Floats) -> str:
    """What is most unusual about a profile, in words."""
    strongest = int(np.argmax(centre))
    return f"Much {names()[strongest].replace(': ', ' ')}"


def unusual(centre: Floats, most: int = 5) -> tuple[tuple[str, float], ...]:
    """The columns in which a profile differs most from the usual, with its deviations."""
    order = np.argsort(-np.abs(centre), kind="stable")
    found = ((names()[column], float(centre[column])) for column in order.tolist())
    return tuple(islice((each for each in found if each[0] not in _OPPOSITES), most))
