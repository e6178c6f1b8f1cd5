"""What both ways share: the form of windows, and the error that a window is judged by."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features.layout import Floats

Single = NDArray[np.float32]
FARTHEST = 6.0
"""Deviations beyond which a value counts as so far: one broken hour is not the whole window."""
_LEAST = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Windows:
    """``values`` [n, steps, channels] that are rebuilt, beside ``known`` [n, steps, k]: the hour.

    What is known is given to whoever rebuilds and never judged.
    """

    values: Single
    known: Single

    def __len__(self) -> int:
        """How many."""
        return len(self.values)

    def of(self, rows: NDArray[np.int64] | slice) -> "Windows":
        """The windows at these places."""
        return Windows(values=self.values[rows], known=self.known[rows])


def scaled(values: Single, scale: Single) -> Single:
    """Values in deviations of their channel [channels], bounded."""
    found: Single = np.clip(values / scale, -FARTHEST, FARTHEST).astype(np.float32)
    return found


def scale_of(values: Single) -> Single:
    """The root mean square of each channel [channels], values bounded at six robust deviations."""
    flat = values.reshape(-1, values.shape[-1]).astype(np.float64)
    robust = np.maximum(1.4826 * np.median(np.abs(flat), axis=0), _LEAST)
    bounded = np.clip(flat, -FARTHEST * robust, FARTHEST * robust)
    found: Single = np.maximum(np.sqrt((bounded**2).mean(axis=0)), _LEAST).astype(np.float32)
    return found


def usual(residuals: Floats) -> Floats:
    """How far each step of each channel [steps, channels] usually is from what was rebuilt.

    The robust deviation: 1.4826 times the median of what was left over, without its sign.
    """
    found: Floats = np.maximum(1.4826 * np.median(np.abs(residuals), axis=0), _LEAST)
    return found


def weights(residuals: Floats, values: Single) -> Floats:
    """How much each channel [channels] counts: the share of it that is rebuilt; they sum to 1.

    A channel that nobody can rebuild, for it is chance, says little about the course of a day.
    """
    left, whole = (np.square(each).mean(axis=(0, 1)) for each in (residuals, values))
    told = np.maximum(1.0 - left / np.maximum(whole, _LEAST), _LEAST)
    found: Floats = told / told.sum()
    return found


def errors(residuals: Floats, deviations: Floats, counts: Floats) -> Floats:
    """How badly windows [n] were rebuilt: the mean of log(1 + r^2), r by its usual deviation.

    ``counts`` are the channels' ``weights``.

    The negative logarithm of a Cauchy likelihood (Black & Rangarajan, IJCV 1996): one hour that
    is far off, as where something begins that nobody can foresee, counts little; many hours that
    are somewhat off count.
    """
    found: Floats = (np.log1p((residuals / deviations) ** 2) @ counts).mean(axis=1)
    return found
