"""Trials: days with anomalies put into them and days without, and how they were scored. Pure.

A stretch is 24 hours: one with an anomaly, or one of clean figures; its score is the greatest of
the hours at which a window ends that shares half of its hours with it or more.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ml.training.versus import Versus, versus
from regulator.features.series import DAY, Floats, Ints, Series
from regulator.learned.levels import STEPS
from regulator.learned.members import Prepared
from regulator.learned.trial import Injected, Shape, inject

_HALF = STEPS // 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stretches:
    """n stretches: whose, from when, with what; ``truth`` 1.0 where there is an anomaly."""

    operators: Ints
    started: Ints
    truth: Floats
    shapes: tuple[str, ...]

    def __len__(self) -> int:
        """How many."""
        return len(self.shapes)

    def scores(self, of: Floats) -> Floats:
        """The stretches' scores [n], from those of hours [hours, operators]; unknown is lowest."""
        found = np.full(len(self), -np.inf)
        for place, (operator, start) in enumerate(zip(self.operators, self.started, strict=True)):
            part = of[start + _HALF - 1 : start + STEPS + _HALF, operator]
            if np.isfinite(part).any():
                found[place] = np.nanmax(part)
        return found


def stretches(injected: Sequence[Injected], operators: int, *, first: int, last: int) -> Stretches:
    """Those with anomalies, and between them what is clean and far enough away from them."""
    told: list[tuple[int, int, str]] = [
        (each.operator, each.started, str(each.shape)) for each in injected
    ]
    for operator in range(operators):
        busy = [(each.started, each.ended) for each in injected if each.operator == operator]
        start = first
        while start + STEPS + _HALF <= last:
            if all(start > end + 2 * STEPS or start + 2 * STEPS < begin for begin, end in busy):
                told.append((operator, start, ""))
                start += DAY
            else:
                start += DAY // 4
    return Stretches(
        operators=np.array([each[0] for each in told], dtype=np.int64),
        started=np.array([each[1] for each in told], dtype=np.int64),
        truth=np.array([float(bool(each[2])) for each in told]),
        shapes=tuple(each[2] for each in told),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tried:
    """Stretches of several rounds with their scores by name, [n] each."""

    stretches: Stretches
    scores: Mapping[str, Floats]

    def versus(
        self, champion: str, challenger: str, *, seed: int, only: int | None = None
    ) -> Versus:
        """Two scores of the same stretches, of one operator ``only`` or of all."""
        rows = np.full(len(self.stretches), True)
        if only is not None:
            rows = self.stretches.operators == only
        return versus(
            self.stretches.truth[rows], self.scores[champion][rows], self.scores[challenger][rows],
            seed=seed,
        )  # fmt: skip

    def having(self, name: str, scores: Floats) -> "Tried":
        """These with other scores of the same stretches."""
        return replace(self, scores={**self.scores, name: scores})


Scores = Callable[[Series], Mapping[str, Floats]]
"""By name, the scores of a series' hours [hours, operators]."""


def rounds(
    given: Prepared, score: Scores, *, first: int, seed: int, count: int, shapes: Sequence[Shape]
) -> Tried:
    """``count`` rounds of anomalies in the same figures; clean stretches of the first alone."""
    told = list(_rounds(given, score, first, [seed + each for each in range(count)], shapes))
    return Tried(
        stretches=_joined([each.stretches for each in told]),
        scores={
            name: np.concatenate([each.scores[name] for each in told]) for name in told[0].scores
        },
    )


def _rounds(
    given: Prepared, score: Scores, first: int, seeds: Sequence[int], shapes: Sequence[Shape]
) -> Iterator[Tried]:
    for place, seed in enumerate(seeds):
        series, injected = inject(given.series, given.wanted, first=first, seed=seed, shapes=shapes)
        of = stretches(injected, len(series.operators), first=first, last=len(series))
        if place:
            of = _of(of, np.flatnonzero(of.truth > 0.0))
        yield Tried(
            stretches=of, scores={name: of.scores(each) for name, each in score(series).items()}
        )


def _of(told: Stretches, rows: Ints) -> Stretches:
    return Stretches(
        operators=told.operators[rows], started=told.started[rows], truth=told.truth[rows],
        shapes=tuple(told.shapes[row] for row in rows.tolist()),
    )  # fmt: skip


def _joined(told: Sequence[Stretches]) -> Stretches:
    return Stretches(
        operators=np.concatenate([each.operators for each in told]),
        started=np.concatenate([each.started for each in told]),
        truth=np.concatenate([each.truth for each in told]),
        shapes=tuple(shape for each in told for shape in each.shapes),
    )
