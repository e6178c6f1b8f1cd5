"""What is learned from, tuned on and judged on: earlier, later, latest."""

from dataclasses import dataclass

import numpy as np

from ml.features.layout import Floats
from ml.training.examples import Examples, ExamplesUnusable

SHARES = (0.70, 0.15)
"""Of the examples: learned from, tuned on; the rest is judged on."""
LEAST = 5
"""Examples of either truth that each part needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Three parts of some examples, none with a moment of another."""

    fit: Examples
    tune: Examples
    test: Examples


def by_time(examples: Examples, *, shares: tuple[float, float] = SHARES) -> Split:
    """Split into the earliest, the next and the latest; raises ``ExamplesUnusable``.

    Events of one moment stay together: a batch that came at once is on one side.
    """
    first = _cut(examples.at, shares[0])
    second = _cut(examples.at, shares[0] + shares[1])
    parts = [
        examples.of(np.arange(low, high, dtype=np.int64))
        for low, high in ((0, first), (first, second), (second, len(examples)))
    ]
    for part, name in zip(parts, ("learn from", "tune on", "judge on"), strict=True):
        false = int(part.truth.sum())
        if min(false, len(part) - false) < LEAST:
            raise ExamplesUnusable(
                f"To {name}, a model needs {LEAST} examples of either kind; there are {false:,} and"
                f" {len(part) - false:,}. Label more, or a longer time."
            )
    return Split(fit=parts[0], tune=parts[1], test=parts[2])


def _cut(at: Floats, share: float) -> int:
    """The first place of the moment that stands at this share."""
    if not at.size:
        return 0
    place = min(round(share * at.size), at.size - 1)
    return int(np.searchsorted(at, at[place], side="left"))
