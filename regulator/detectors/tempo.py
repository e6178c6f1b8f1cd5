"""Bets that were taken out one by one leave sittings with missing beats.

Machines and tables are played at a pace. Of three bets in succession of one player in one game the
two gaps are about alike; where a bet between was taken out one of them is the sum of two. A share c
taken out at random makes c of the gaps such sums, so that of the pairs of gaps

    u = u0 + (1 - u0) 2 c (1 - c)

are uneven, u0 of them by nature (people pause). Whatever a day's bets number, this share does not
move with growth, holidays or promotions; it is followed by the cumulative sum of ``shares``, looked
for where a twentieth is taken out. Whole sittings or players left out are not seen here: their
count is, by ``thinning``.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from regulator.detectors import shares
from regulator.detectors.anomaly import Anomaly, Floats, Ints, Kind, severity

LEAST = 14
"""Days that are learned from before the first is judged."""
LEAST_PAIRS = 200
"""Pairs of gaps a day, in the mean of the learned days, below which nothing is said."""
DESIGN = 0.05
"""The share taken out that the sum is most sensitive to."""
PER_YEAR = 0.1
"""False alarms of an honest operator a year, at most."""
LONGEST = 600.0
"""Seconds of a gap within a sitting, at most."""
UNEVEN = 1.5
"""How many times the other a gap of an uneven pair is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Beats:
    """Pairs of gaps in each period, and how many of them are uneven. Sums of such are such."""

    pairs: Floats
    uneven: Floats


def beats(seconds: Floats, player: Ints, game: Ints, *, span: float, periods: int) -> Beats:
    """Count the pairs of gaps of bets placed at ``seconds``, in periods of ``span`` seconds.

    Bets are in any order, players and games are numbers; only gaps within one player's bets on one
    game count.
    """
    order = np.lexsort((seconds, game, player))
    at, who, what = seconds[order], player[order], game[order]
    gap = np.diff(at)
    alike = (np.diff(who) == 0) & (np.diff(what) == 0) & (gap > 0) & (gap <= LONGEST)
    both = alike[:-1] & alike[1:]
    first, second = gap[:-1][both], gap[1:][both]
    uneven = np.maximum(first, second) > UNEVEN * np.minimum(first, second)
    period = np.floor(at[2:][both] / span).astype(np.int64)
    inside = (period >= 0) & (period < periods)
    return Beats(
        pairs=np.bincount(period[inside], minlength=periods).astype(np.float64),
        uneven=np.bincount(period[inside & uneven], minlength=periods).astype(np.float64),
    )


def uneven_share(usual: float, taken: float) -> float:
    """The share of uneven pairs once a share ``taken`` of the bets is taken out at random."""
    return usual + (1.0 - usual) * 2.0 * taken * (1.0 - taken)


def missing(uneven: float, usual: float) -> float:
    """The share of bets taken out that makes this share of pairs uneven where ``usual`` are."""
    excess = min(max((uneven - usual) / (1.0 - usual), 0.0), 0.5)
    return (1.0 - sqrt(1.0 - 2.0 * excess)) / 2.0


def anomaly(found: Beats, *, learned: int = 21, per_year: float = PER_YEAR) -> Anomaly | None:
    """A finding where sittings of one operator's days miss beats that its learned days had."""
    pairs = found.pairs
    if learned < LEAST or pairs.size <= learned or pairs[:learned].mean() < LEAST_PAIRS:
        return None
    wanted = uneven_share(shares.usual(found.uneven, pairs, learned), DESIGN)
    told = shares.changed(found.uneven, pairs, wanted, learned=learned, per_year=per_year)
    if told is None:
        return None
    out = missing(told.share, told.usual)
    return Anomaly(
        kind=Kind.THINNING, started=told.started, ended=told.ended, score=told.score,
        severity=severity(told.score, told.limit),
        evidence={
            "uneven": told.share, "usual": told.usual, "missing": out, "first_alarm": told.alarm,
            "limit": told.limit,
        },
        explanation=f"In {told.share:.1%} of successive bets a beat is missing, where "
        f"{told.usual:.1%} is usual of this operator's players: about {out:.0%} of bets were taken "
        "out.",
    )  # fmt: skip
