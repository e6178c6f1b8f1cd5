"""By how much each hour differs from what it should bring, and windows of such hours. Pure."""

import numpy as np

from ml.autoencoder.windows import Single, Windows
from regulator.detectors.baseline import expected
from regulator.features.series import DAY, FIGURES, Floats, Ints, Series

STEPS = 24
"""Hours of a window."""


def due(series: Series) -> Floats:
    """What each hour should bring [hours, operators, figures]: ``detectors.baseline``."""
    return np.stack([expected(series.figure(name)) for name in FIGURES], axis=2)


def levels(series: Series, wanted: Floats | None = None) -> Floats:
    """The logarithm of what came by what was due, half a unit added to both; NaN where unknown.

    Robust in operator and season: medians of the slot's earlier weeks, the operator's own level,
    the market's day.
    """
    wanted = due(series) if wanted is None else wanted
    found: Floats = np.log((np.maximum(series.values, 0.0) + 0.5) / (wanted + 0.5))
    return found


def known(series: Series) -> Single:
    """What the clock says of each hour [hours, 3]: sine and cosine of the day, and the weekend."""
    clock = series.clock()
    turn = 2.0 * np.pi * (clock % DAY) / DAY
    weekend = (clock >= 5 * DAY).astype(np.float64)
    return np.column_stack([np.sin(turn), np.cos(turn), weekend]).astype(np.float32)


def ends(told: Floats, *, first: int = 0) -> tuple[Ints, Ints]:
    """(hours, operators) at which a window ends of which every step is known, from ``first`` on.

    ``told`` is what ``levels`` gave. In the order of time, then of operators.
    """
    whole = np.isfinite(told).all(axis=2).astype(np.int64)
    runs = np.cumsum(np.vstack([np.zeros((1, whole.shape[1]), dtype=np.int64), whole]), axis=0)
    full = np.zeros(whole.shape, dtype=np.bool_)
    full[STEPS - 1 :] = runs[STEPS:] - runs[:-STEPS] == STEPS
    full[:first] = False
    hours, operators = np.nonzero(full)
    return hours, operators


def windows(series: Series, told: Floats, hours: Ints, operators: Ints) -> Windows:
    """The windows of ``STEPS`` hours that end at ``hours`` of ``operators``, oldest step first."""
    rows = hours[:, None] - np.arange(STEPS - 1, -1, -1)[None, :]
    return Windows(
        values=told[rows, operators[:, None]].astype(np.float32), known=known(series)[rows]
    )
