"""What each member of the ensemble makes of every hour: a score by the operator's own past. Pure.

- baseline: the greatest deviation of the hour's figures from what they should be, in robust
  deviations (``detectors.baseline``);
- isolation: how soon random cuts single the hour's features out (``ml.isolation``), each feature
  by the operator's own median and robust deviation;
- course: how badly the 24 hours until this one are rebuilt (``ml.autoencoder``).

All [hours, operators], the higher the stranger, NaN where unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ml.autoencoder.windows import Windows
from ml.isolation.served import Isolation
from regulator.detectors.baseline import deviations
from regulator.features import matrix
from regulator.features.catalogue import CALENDAR, FEATURES
from regulator.features.series import FIGURES, Floats, Series
from regulator.learned.levels import due, ends, levels, windows
from regulator.learned.tails import against_past

BASELINE, ISOLATION, COURSE = "baseline", "isolation", "course"
MEMBERS = (BASELINE, ISOLATION, COURSE)
NETWORK, COMPONENTS = "network", "components"
LASTING = 10
"""Windows in a row whose errors are judged together."""
LEAST_PAST = 14 * 24
"""Hours of an operator's own past below which it is held against nothing."""
_FARTHEST = 12.0


class Compresses(Protocol):
    """One of the two ways through the narrow place."""

    def errors(self, windows: Windows) -> Floats:
        """One number a window [n]."""

    def shares(self, windows: Windows) -> Floats:
        """Residuals by their usual deviation, [n, steps, channels]."""

    def changes(self, windows: Windows) -> Floats:
        """Residuals on the scale of the levels, [n, steps, channels]."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """A series with what all members look at: what was due, and the levels."""

    series: Series
    wanted: Floats
    told: Floats


def prepare(series: Series) -> Prepared:
    """What was due in every hour, and how far each is from it."""
    wanted = due(series)
    return Prepared(series=series, wanted=wanted, told=levels(series, wanted))


def baseline(given: Prepared) -> Floats:
    """The logarithm of the greatest deviation of an hour's figures."""
    apart = np.stack(
        [
            np.abs(deviations(given.series.figure(name), given.wanted[:, :, place]))
            for place, name in enumerate(FIGURES)
        ]
    )
    most = np.where(np.isfinite(apart).all(axis=0), apart.max(axis=0), np.nan)
    return np.log(most + 0.1)


def rows(series: Series, past: slice) -> Floats:
    """The features [hours, operators, features], each by the operator's own ``past``.

    Less its median, by its robust deviation, bounded; the clock as it is.
    """
    found = matrix(series)
    for place, feature in enumerate(FEATURES):
        if feature.group != CALENDAR:
            own = against_past(found[:, :, place], past, least=LEAST_PAST)
            found[:, :, place] = np.clip(own, -_FARTHEST, _FARTHEST)
    return found


def isolation(forest: Isolation, told: Floats) -> Floats:
    """How unusual the features ``told`` (``rows``) are; NaN where fewer than half are known."""
    known = 2 * np.isfinite(told).sum(axis=2) >= told.shape[2]
    found = np.full(told.shape[:2], np.nan)
    found[known] = forest.margins(told[known])
    return found


def course(
    ways: Mapping[str, Compresses], chosen: Mapping[str, str], other: str, given: Prepared,
    *, first: int = 0,
) -> Floats:  # fmt: skip
    """The mean error of the last windows, those that end at each hour from ``first`` on.

    Each operator by the way that is ``chosen`` for it, ``other`` for those of whom none is.
    """
    hours, operators = ends(given.told, first=first)
    found = np.full(given.told.shape[:2], np.nan)
    which = np.array([chosen.get(name, other) for name in given.series.operators])
    for name, way in ways.items():
        part = which[operators] == name
        if part.any():
            of = windows(given.series, given.told, hours[part], operators[part])
            found[hours[part], operators[part]] = way.errors(of)
    return lasting(found)


def lasting(errors: Floats, hours: int = LASTING) -> Floats:
    """The mean of the known errors [hours, operators] of the last ``hours``; NaN where the own is.

    An unusual day is in every window that it shares; what is in one alone is chance.
    """
    known = np.isfinite(errors)
    sums, counts = (
        np.vstack([np.zeros((hours, errors.shape[1])), each]).cumsum(axis=0)
        for each in (np.where(known, errors, 0.0), known)
    )
    mean = (sums[hours:] - sums[:-hours]) / np.maximum(counts[hours:] - counts[:-hours], 1.0)
    found: Floats = np.where(known, mean, np.nan)
    return found
