"""Payouts of games whose bets share their luck: beside what the same hours cost the other books.

One match decides many bets, so that an hour of a book by itself may pay out anything. But what a
favourite's win costs one book it costs all. Of the hours a span ends with, with stakes S and n bets
that were settled, a book should pay

    e = S P' / S',    z = (P - e) / (s S sqrt(1 / n + 1 / n')),

the primes for the other operators together; s is 1.4826 times the median of |P - e| / (S sqrt(1 / n
+ 1 / n')) in the operator's past, at least of one: bets are of different size and odds. z has long
tails for small books, hence the high limit. The last one, three, six and twelve hours are judged.
"""

from collections.abc import Sequence

import numpy as np

from regulator.detectors.anomaly import Anomaly, Floats, Kind, scanned, severity

LEAST = 168
"""Hours that are learned from."""
LEAST_BETS = 50
"""Bets settled in a span, the operator's and the others' each, below which nothing is said."""
FEWEST = 2
"""Other operators of the game below which nothing is said."""
LIMIT = 10.0
SPANS = (3, 6, 12)
QUIET = 12


def scores(
    paid: Floats, staked: Floats, bets: Floats, operator: int, *, first: int, span: int
) -> tuple[Floats, Floats]:
    """Z and what was to be expected of the ``span`` hours that end with each; NaN where unknown.

    Arrays are (hours, operators) of one game, by the hour of settlement; those before ``first`` are
    learned from.
    """
    own = [_last(each[:, operator], span) for each in (paid, staked, bets)]
    rest = [_last(each.sum(axis=1) - each[:, operator], span) for each in (paid, staked, bets)]
    enough = (own[2] >= LEAST_BETS) & (rest[2] >= LEAST_BETS) & (own[1] > 0) & (rest[1] > 0)
    due, apart = np.full(own[0].size, np.nan), np.full(own[0].size, np.nan)
    due[enough] = (own[1] * rest[0])[enough] / rest[1][enough]
    noise = own[1][enough] * np.sqrt(1.0 / own[2][enough] + 1.0 / rest[2][enough])
    apart[enough] = (own[0][enough] - due[enough]) / noise
    past = apart[:first][np.isfinite(apart[:first])]
    if past.size < LEAST // 2:
        return np.full(own[0].size, np.nan), due
    return apart / max(1.4826 * float(np.median(np.abs(past))), 1.0), due


def _last(values: Floats, span: int) -> Floats:
    run = np.concatenate([np.zeros(span), np.cumsum(values)])
    found: Floats = run[span:] - run[:-span]
    return found


def spikes(
    paid: Floats, staked: Floats, bets: Floats, operator: int, *, first: int,
    limit: float = LIMIT, spans: Sequence[int] = SPANS,
) -> list[Anomaly]:  # fmt: skip
    """The hours of one operator that cost it more than the same results cost the others."""
    playing = bets[:first].sum(axis=0) > 0
    if first < LEAST or playing.sum() - playing[operator] < FEWEST:
        return []
    told = [scores(paid, staked, bets, operator, first=first, span=each) for each in spans]
    windows = [
        _told(*told[at], int(hour), span, paid[:, operator], limit)
        for at, span in enumerate(spans)
        for hour in np.flatnonzero(np.nan_to_num(told[at][0]) > limit)
        if hour >= first - max(spans)
    ]
    return scanned(windows, first=first, quiet=QUIET)


def _told(
    score: Floats, due: Floats, hour: int, span: int, paid: Floats, limit: float
) -> Anomaly:  # fmt: skip
    """One span of hours, the last one ``hour``, that cost too much."""
    low = max(hour - span + 1, 0)
    seen = float(paid[low : hour + 1].sum())
    return Anomaly(
        kind=Kind.PAYOUT_SPIKE, started=low, ended=hour, score=float(score[hour]),
        severity=severity(float(score[hour]), limit),
        evidence={"paid": seen, "expected": float(due[hour]), "hours": span, "limit": limit},
        explanation=f"In {span} hours {seen:,.0f} were paid, where the same results made "
        f"the other operators pay so much of their stakes that {due[hour]:,.0f} were likely.",
    )  # fmt: skip
