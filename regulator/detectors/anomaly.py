"""What a detector found, in one form for all of them; and alarms that belong together. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Kind(StrEnum):
    """What was found, as it is stored and filtered by."""

    DIGITS = "digits"
    TAX = "tax"
    RATE_CHANGE = "rate_change"
    RESTATEMENT = "restatement"
    BRAND_MIX_UP = "brand_mix_up"
    SHRUNKEN_HISTORY = "shrunken_history"
    INCOMPLETE_PERIOD = "incomplete_period"
    UNDER_REPORTING = "under_reporting"
    THINNING = "thinning"
    MISSING_HIGH_STAKES = "missing_high_stakes"
    RENUMBERED = "renumbered"
    PAYOUT_SPIKE = "payout_spike"
    FEED_DROP = "feed_drop"
    PARTIAL_DROP = "partial_drop"
    FEED_SILENT = "feed_silent"
    BASELINE = "baseline"
    ISOLATED = "isolated"
    COURSE = "course"
    TOGETHER = "together"


@dataclass(frozen=True, kw_only=True, slots=True)
class Anomaly:
    """One finding: from where to where (positions, both included), how bad, and why in words."""

    kind: Kind
    started: int
    ended: int
    severity: float
    score: float
    explanation: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


class Streak(NamedTuple):
    """Positions that belong to one alarm, both included, and where it is strongest."""

    started: int
    ended: int
    peak: int


def severity(score: float, limit: float) -> float:
    """How bad a score is, from 0 (below its limit) over .5 (at the limit) towards 1.

    Twice the limit is .75, four times .875: what is told is the ratio, so that detectors of
    different scales can be listed together.
    """
    if not score >= limit > 0:
        return 0.0
    return 1.0 if math.isinf(score) else 1.0 - 0.5 * limit / score


def streaks(scores: Floats, limit: float, *, refractory: int = 0) -> list[Streak]:
    """Positions with a score above ``limit``; those at most ``refractory`` quiet ones apart join.

    Streaks are one alarm, not fifty: on the Numenta benchmark this alone is worth more than the
    choice of the detector. Scores that are not a number count as quiet.
    """
    hits = np.flatnonzero(np.asarray(scores, dtype=np.float64) > limit)
    if hits.size == 0:
        return []
    cuts = np.flatnonzero(np.diff(hits) > refractory + 1) + 1
    return [
        Streak(int(part[0]), int(part[-1]), int(part[np.argmax(scores[part])]))
        for part in np.split(hits, cuts)
    ]


def scanned(windows: Sequence[Anomaly], *, first: int, quiet: int) -> list[Anomaly]:
    """Windows of several lengths as findings, of those from ``first`` on.

    Of windows that overlap the strongest stands: the others see what it sees. Those that are left
    and at most ``quiet`` positions apart are one finding, with what the strongest says.
    """
    standing: list[Anomaly] = []
    for each in sorted(windows, key=lambda one: (-one.score, one.ended - one.started, one.ended)):
        if all(each.ended < one.started or one.ended < each.started for one in standing):
            standing.append(each)
    found: list[Anomaly] = []
    for each in sorted(standing, key=lambda one: one.started):
        if found and each.started - found[-1].ended <= quiet + 1:
            best = max(found[-1], each, key=lambda one: one.score)
            found[-1] = replace(best, started=found[-1].started, ended=each.ended)
        else:
            found.append(each)
    return [replace(one, started=max(one.started, first)) for one in found if one.ended >= first]
