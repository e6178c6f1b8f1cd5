"""Publishers whose clicks lead to installs, and some that only claim them; the truth is known.

Clean click to install times meet the field's norms: most people install within minutes of their
click (none in less than ten seconds: stores need that long), 80 % within the hour, 96 % within a
day, and later ones thin out as 1/t. What a publisher claims falsely it claims in its own manner.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

_HOUR, _DAY, _WEEK = 3_600.0, 86_400.0, 604_800.0
_FASTEST = 10.0
_WITHIN_HOUR, _WITHIN_DAY = 0.80, 0.96


class Manner(StrEnum):
    """How a publisher comes by its installs."""

    CLEAN = "clean"
    INJECTION = "injection"
    HIJACK = "hijack"
    FLOODING = "flooding"
    SPAM = "spam"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """``share`` of its ``installs`` are claimed in its ``manner``; ``rate``: installs per click."""

    name: str
    installs: int
    manner: Manner = Manner.CLEAN
    share: float = 1.0
    rate: float = 0.02


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Installs:
    """One row an install: whose and how long after the click; ``false`` where it was claimed.

    ``clicks`` of each publisher, in the order of ``publishers``.
    """

    publishers: tuple[Publisher, ...]
    publisher: NDArray[np.int64]
    seconds: NDArray[np.float64]
    false: NDArray[np.bool_]
    clicks: NDArray[np.int64]


def installs(publishers: tuple[Publisher, ...], *, seed: int) -> Installs:
    """The installs that ``publishers`` claim; equal seeds give equal ones."""
    rng = np.random.default_rng(seed)
    places, times, claims = [], [], []
    for place, each in enumerate(publishers):
        false = rng.random(each.installs) < (each.share if each.manner is not Manner.CLEAN else 0.0)
        seconds = clean_times(each.installs, rng)
        seconds[false] = claimed_times(each.manner, int(false.sum()), rng)
        places.append(np.full(each.installs, place))
        times.append(seconds)
        claims.append(false)
    return Installs(
        publishers=publishers,
        publisher=np.concatenate([np.zeros(0, dtype=np.int64), *places]),
        seconds=np.concatenate([np.zeros(0), *times]),
        false=np.concatenate([np.zeros(0, dtype=bool), *claims]),
        clicks=np.array([_clicks(each) for each in publishers], dtype=np.int64),
    )


def clean_times(size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Click to install times of people, in seconds."""
    minutes = _FASTEST + rng.lognormal(np.log(120.0), 0.9, size)
    hours = _HOUR * (_DAY / _HOUR) ** rng.random(size)
    days = _DAY * (_WEEK / _DAY) ** rng.random(size)
    kind = rng.random(size)
    late = np.where(kind < _WITHIN_DAY, hours, days)
    found: NDArray[np.float64] = np.where(kind < _WITHIN_HOUR, np.minimum(minutes, _HOUR - 1), late)
    return found


def claimed_times(manner: Manner, size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Click to install times of what is claimed in a manner, in seconds."""
    if manner is Manner.INJECTION:
        return rng.uniform(0.2, 3.0, size)
    if manner is Manner.HIJACK:
        return rng.uniform(3.0, 10.0, size)
    # Clicks made for everybody: whoever installs had one some time in the last day.
    return rng.uniform(0.0, _DAY, size)


def _clicks(publisher: Publisher) -> int:
    rate = 0.0002 if publisher.manner is Manner.SPAM else publisher.rate
    return round(publisher.installs / rate)
