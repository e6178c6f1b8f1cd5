"""A small market of the simulator's, as detectors learn of it."""

from datetime import UTC, datetime

import numpy as np

from regulator.features.series import Series
from simulation import gaming_shapes

START = datetime(2026, 1, 5, tzinfo=UTC)


def series(seed=1, weeks=23, operators=2, start=START):
    """Clean hours of some operators."""
    made = gaming_shapes.market(seed=seed, weeks=weeks, operators=operators, start=start)
    return Series(
        start=start, operators=tuple("abcdef"[:operators]),
        values=np.stack([made.stakes, made.payouts, made.events], axis=2),
    )  # fmt: skip
