"""Behaviour in numbers: counts per person, and from them the shares by which people are compared.

Counts are exact and additive. A share of few acts says little, so shares are drawn towards those of
all people (the posterior mean under a Dirichlet prior worth ``PRIOR`` acts):
``(n_k + PRIOR p_k) / (n + PRIOR)``, with p_k the share of k among everybody's acts. People are
compared by the square roots of their shares (the Hellinger transformation: Legendre and Gallagher,
"Ecologically meaningful transformations for ordination of species data", Oecologia 129, 2001), so
that rare acts weigh what they tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from attribution.behaviour.history import Histories, Ints
from attribution.behaviour.visits import DAY, Floats, visits
from attribution.behaviour.vocabulary import ARRIVALS, INTENTS, KINDS, PAGES

PRIOR = 0.5

DAYPARTS = ("night", "morning", "afternoon", "evening")
"""From 0, 6, 12 and 18 o'clock, in UTC as all days here."""

WEEK = ("weekdays", "weekend")
DEVICES = ("desktop", "mobile", "tablet")
PRICE = ("price", "other")

SHARES: Mapping[str, tuple[str, ...]] = {
    "query intent": INTENTS[1:],
    "pages": PAGES[1:],
    "arrivals": ARRIVALS[1:],
    "daypart": DAYPARTS,
    "week": WEEK,
    "device": DEVICES,
    "price seeking": PRICE,
}
"""Groups of counts, each group's columns share out a person's acts."""

SCALES = ("pages per visit", "seconds per visit", "days between visits", "days since a visit")
"""Engagement depth and recency: logarithms, as people differ in them by factors."""

_ORDER = KINDS.index("order")
_LEAST = 0.05  # what differs less between people tells nothing, and must not be blown up


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Behaviour:
    """What each person did.

    ``counts`` of every group of ``SHARES`` (people, columns), ``visits`` and ``pages`` (people,),
    and ``scales`` (people, ``SCALES``), NaN where nothing tells.
    """

    counts: Mapping[str, Ints]
    scales: Floats
    visits: Ints
    pages: Ints

    def __len__(self) -> int:
        return len(self.visits)


def behaviour(seen: Histories, *, now: int) -> Behaviour:
    """What everybody did up to ``now`` (microseconds since 1970)."""
    went = visits(seen)
    price = _price(seen)
    hour = seen.at // (DAY // 24) % 24
    # 1 January 1970 was a Thursday.
    weekend = (seen.at // DAY + 3) % 7 >= 5
    counts = {
        "query intent": _counts(seen, seen.intent - 1, INTENTS[1:]),
        "pages": _counts(seen, seen.page - 1, PAGES[1:]),
        "arrivals": _counts(seen, seen.arrival - 1, ARRIVALS[1:]),
        "daypart": _counts(seen, hour // 6, DAYPARTS),
        "week": _counts(seen, weekend.astype(np.int64), WEEK),
        "device": _counts(seen, seen.device - 1, DEVICES),
        "price seeking": _counts(seen, np.where(price, 0, 1), PRICE),
    }
    return Behaviour(
        counts=counts,
        scales=np.column_stack(
            [
                _log_ratio(went.pages, went.visits),
                _log_ratio(went.seconds, went.visits),
                _log_ratio((went.last - went.first) / DAY, went.visits - 1),
                _log_ratio(np.maximum(now - went.last, 0) / DAY, (went.visits > 0).astype(int)),
            ]
        ),
        visits=went.visits,
        pages=went.pages,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Norms:
    """What is usual among the people a fit looked at: shares, means and deviations by column."""

    shares: Mapping[str, Floats]
    mean: Floats
    deviation: Floats


def norms(found: Behaviour) -> Norms:
    """The norms of some people."""
    shares = {}
    for group, counts in found.counts.items():
        total = counts.sum(axis=0) + 1.0
        shares[group] = total / total.sum()
    columns = _columns(found, shares)
    with np.errstate(invalid="ignore"):
        known = ~np.isnan(columns)
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, columns, 0.0).sum(axis=0) / count
        spread = np.sqrt(np.where(known, (columns - mean) ** 2, 0.0).sum(axis=0) / count)
    return Norms(shares=shares, mean=mean, deviation=np.maximum(spread, _LEAST))


def standardised(found: Behaviour, usual: Norms) -> Floats:
    """Everybody's deviations from the usual (people, columns), in deviations; 0 where unknown."""
    columns = (_columns(found, usual.shares) - usual.mean) / usual.deviation
    return np.nan_to_num(columns, nan=0.0)


def names() -> tuple[str, ...]:
    """The columns' names, in their order."""
    shares = (f"{group}: {name}" for group, names in SHARES.items() for name in names)
    return (*shares, *SCALES)


def _columns(found: Behaviour, shares: Mapping[str, Floats]) -> Floats:
    smoothed = []
    for group, counts in found.counts.items():
        total = counts.sum(axis=1, keepdims=True)
        smoothed.append(np.sqrt((counts + PRIOR * shares[group]) / (total + PRIOR)))
    return np.column_stack([*smoothed, found.scales])


def _price(seen: Histories) -> Ints:
    """Acts that look for a price: such a page, such a search, an order with a code."""
    looked = (seen.page == PAGES.index("price")) | (seen.intent == INTENTS.index("price"))
    price: Ints = looked | ((seen.kind == _ORDER) & (seen.coupon > 0))
    return price


def _counts(seen: Histories, column: Ints, names: tuple[str, ...]) -> Ints:
    """How often each person did each: (people, names); columns below 0 are nothing."""
    kept = column >= 0
    cell = seen.person[kept] * len(names) + column[kept]
    return np.bincount(cell, minlength=len(seen) * len(names)).reshape(len(seen), len(names))


def _log_ratio(above: Floats | Ints, below: Ints) -> Floats:
    """log(1 + above / below), NaN where there is nothing to divide by."""
    known = below > 0
    ratio = np.divide(above, below, out=np.zeros(len(below)), where=known)
    return np.where(known, np.log1p(ratio), np.nan)
