"""Feeds that say nothing while the hour is still running. Pure.

A feed is silent when nothing came for twice its usual time between batches, and the records that
would have been played since then, by the same hours of earlier weeks, can't all be missing by
chance: none at all, where ``due`` are expected, has the chance (1 + due spread^2)^(-1 / spread^2)
by the negative binomial of ``detectors.drop``. A word that nothing was played counts as a sign of
life.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log10

import numpy as np

from regulator.detectors import baseline, drop
from regulator.detectors.anomaly import Floats, Kind, severity
from regulator.watch.market import HOUR, Market
from regulator.watch.sensitivity import Levels, Strictness
from regulator.watch.sighting import Sighting

LEAST_DAYS = 3
"""Days of a young feed before its own mean by the hour of the day says what is to be expected."""
_YOUNG = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An operator's newest play, or until when it said there was none; and its usual interval."""

    at: datetime
    interval: timedelta


def silent(
    market: Market, heard: Mapping[str, Heard], levels: Levels, *, now: datetime
) -> list[Sighting]:
    """Operators whose feed is silent at ``now``; the market's last hour is the running one."""
    due = baseline.expected(market.events)
    wide = baseline.spread(market.events, due)
    found = []
    for place, name in enumerate(market.operators):
        last = heard.get(name)
        if last is None or now - last.at < 2 * last.interval:
            continue
        own, apart = _expected(market, place, due, wide)
        missing = _since(market, own, last.at, now)
        strictness = Strictness(levels.of(name, Kind.FEED_SILENT), len(market.operators))
        told = _told(name, last, missing, apart, strictness.size(drop.SIZE), now)
        found += [told] if told else []
    return found


def _expected(market: Market, place: int, due: Floats, wide: Floats) -> tuple[Floats, float]:
    """What an operator's hours should bring, and how much they vary; a young feed by its days."""
    own, apart = due[:, place], wide[-1, place]
    if np.isfinite(own[-1]) and np.isfinite(apart):
        return own, float(apart)
    seen = market.events[:, place]
    hour = (np.arange(market.size) + market.start.hour) % 24
    days = np.array([np.isfinite(seen[hour == each]).sum() for each in range(24)])
    sums = np.array([np.nansum(seen[hour == each]) for each in range(24)])
    mean = np.where(days >= LEAST_DAYS, sums / np.maximum(days, 1), 0.0)
    return mean[hour], _YOUNG


def _since(market: Market, due: Floats, last: datetime, now: datetime) -> float:
    """Records to be expected from ``last`` until ``now``, parts of hours by their length."""
    total = 0.0
    for position in range(max(market.place(last), 0), market.size):
        low, high = max(market.at(position), last), min(market.at(position + 1), now)
        if high > low and np.isfinite(due[position]):
            total += float(due[position]) * ((high - low) / HOUR)
    return total


def _told(
    name: str, last: Heard, due: float, wide: float, size: float, now: datetime
) -> Sighting | None:
    score = log10(1.0 + due * wide**2) / wide**2
    bound = -log10(size)
    if due < drop.LEAST or score < bound:
        return None
    # Told anew once an hour, not at every look.
    length = max(2 * last.interval, (now - last.at) // HOUR * HOUR)
    return Sighting(
        operator=name, kind=Kind.FEED_SILENT, started_at=last.at, ended_at=last.at + length,
        weight=severity(score, bound), score=score,
        evidence={
            "expected": float(f"{due:.6g}"), "minutes": int((now - last.at).total_seconds() // 60),
            "usual_minutes": int(last.interval.total_seconds() // 60), "limit": bound,
        },
        explanation=f"Nothing was played since {last.at:%-d %B %Y, %H:%M} UTC by this feed, and it"
        f" does not say so; about {due:,.0f} records were to be expected. It usually sends every"
        f" {max(int(last.interval.total_seconds() // 60), 1)} minutes.",
    )  # fmt: skip
