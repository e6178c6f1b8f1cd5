"""Whether a stream of events has stopped, judged by its own rhythm. Pure.

A busy shop that falls silent for minutes has a problem; a small one is silent every night. So what
counts is not how long nothing came but how much should have come meanwhile: for each hour since the
last event, as many as came in the poorest such hour of the week so far (Poisson: with ten expected,
none come by chance once in 22,000 times). A stream too thin for that is compared with the longest
silence it ever kept.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
REMEMBERED = timedelta(weeks=4)
KNOWN = timedelta(days=3)
"""A stream younger than this has no rhythm yet."""
MISSED = 10.0
SHORTEST = timedelta(minutes=2)
"""No alarm sooner: senders batch, and networks hiccup."""
OVERDUE = 2
"""How many times its longest silence a thin stream may be silent."""
FEWEST = 30
FORGOTTEN = timedelta(days=14)
"""A stream silent for so long was ended, not lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Events per hour of the four weeks up to the last one.

    ``counts`` holds the hours (aware, whole) in which any came; ``first`` is the hour of the very
    first event within, ``last`` the moment of the last one.
    """

    counts: Mapping[datetime, int]
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """``silence`` since the last event, in which about ``missed`` should have come at least."""

    silence: timedelta
    missed: float
    longest: timedelta
    stopped: bool


def judge(rhythm: Rhythm, *, now: datetime) -> Absence:
    """How a stream is at ``now``; one younger than ``KNOWN`` is never said to have stopped."""
    silence = max(now - rhythm.last, timedelta())
    missed = _missed(rhythm, min(silence, FORGOTTEN))
    longest = _longest(rhythm)
    rich = missed >= MISSED and silence >= SHORTEST
    thin = sum(rhythm.counts.values()) >= FEWEST and silence > OVERDUE * longest
    known = rhythm.last - rhythm.first >= KNOWN
    return Absence(
        silence=silence,
        missed=missed,
        longest=longest,
        stopped=known and silence < FORGOTTEN and (rich or thin),
    )


def _missed(rhythm: Rhythm, silence: timedelta) -> float:
    """Events that would have come since the last one in the poorest such hours so far."""
    at, end, total = rhythm.last, rhythm.last + silence, 0.0
    while at < end:
        hour = _whole(at)
        until = min(hour + HOUR, end)
        total += _poorest(rhythm, hour) * ((until - at) / HOUR)
        at = until
    return total


def _poorest(rhythm: Rhythm, hour: datetime) -> int:
    """The fewest events in this hour of the week so far; of the day, where one week is not known.

    The hour of the first event and that of the last are not whole and don't count.
    """
    weeks = _samples(rhythm, hour, WEEK)
    if len(weeks) < 2:
        weeks = _samples(rhythm, hour, timedelta(days=1))
    return min(weeks) if len(weeks) > 1 else 0


def _samples(rhythm: Rhythm, hour: datetime, step: timedelta) -> list[int]:
    begins, ends = rhythm.last - REMEMBERED, _whole(rhythm.last)
    skipped = math.ceil(max((hour - ends) / step, 0.0))
    at, found = hour - step * skipped, []
    while at > max(begins, rhythm.first):
        if at < ends:
            found.append(rhythm.counts.get(at, 0))
        at -= step
    return found


def _longest(rhythm: Rhythm) -> timedelta:
    """The longest silence between events that the hours can hide: empty ones and two around."""
    hours = sorted(hour for hour, count in rhythm.counts.items() if count)
    gaps = [after - before for before, after in pairwise(hours)]
    return max(gaps, default=timedelta()) + HOUR


def _whole(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
