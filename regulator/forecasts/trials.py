"""Rolling origins: what every candidate would have said, held against what came. Pure.

The error of a trial is wMAPE, the sum of absolute errors by the sum of absolute actual values. A
series has few trials and they are noisy, so a candidate's error is drawn towards what it has been
over all series of the panel: the more so, the fewer trials there are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from regulator.detectors.anomaly import Floats
from regulator.forecasts.candidates import UNTRIED

ORIGINS = 3
STEP = 6
"""Months between two origins."""
DRAWN = 8.0
"""How many trials of its own a series' candidate is drawn to the panel by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """All candidates' forecasts of one series from one origin, and what came (``(horizon,)``)."""

    origin: int
    actual: Floats
    candidates: Mapping[str, Floats]

    def error(self, candidate: str) -> float:
        """The wMAPE of a candidate, as a share; NaN where all actual values are zero."""
        total = float(np.abs(self.actual).sum())
        missed = float(np.abs(self.candidates[candidate] - self.actual).sum())
        return missed / total if total else float("nan")


Trials = Sequence[Trial]


def origins(months: int, horizon: int, least: int, count: int = ORIGINS) -> list[int]:
    """How many months were known at each origin, the latest first; ``least`` are needed before."""
    return [
        origin
        for origin in (months - horizon - STEP * each for each in range(count))
        if origin >= least
    ]


def errors(trials: Trials) -> dict[str, float]:
    """Each candidate's mean error over trials, as a share; trials without actual values left out.

    Only candidates that were in every trial.
    """
    useful = [each for each in trials if np.abs(each.actual).sum() > 0]
    if not useful:
        return {}
    shared = set(useful[0].candidates).intersection(*(each.candidates for each in useful))
    return {name: float(np.mean([each.error(name) for each in useful])) for name in sorted(shared)}


def chosen(own: Trials, panel: Sequence[Trials]) -> str:
    """The candidate with the least error, that of ``own`` drawn towards that of all ``panel``."""
    everywhere = [relative for trials in panel for relative in _relative(trials)]
    if not everywhere:
        return UNTRIED
    mine = list(_relative(own))
    names = set(everywhere[0]).intersection(*everywhere, *mine)

    def drawn(name: str) -> float:
        shared = float(np.mean([each[name] for each in everywhere]))
        return (sum(each[name] for each in mine) + DRAWN * shared) / (len(mine) + DRAWN)

    return min(sorted(names), key=drawn)


def _relative(trials: Trials) -> Iterator[dict[str, float]]:
    """Each trial's errors by their mean, so that hard series count like easy ones."""
    for trial in trials:
        found = {name: trial.error(name) for name in trial.candidates}
        usual = float(np.mean(list(found.values())))
        if np.isfinite(usual) and usual > 0:
            yield {name: error / usual for name, error in found.items()}
