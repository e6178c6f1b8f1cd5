"""A saturating response of credited conversions to daily spend, with carry-over and intervals.

Spend works on: with carry-over ``c`` what is at work on a day is the geometric adstock
``x_t = (1 - c) s_t + c x_(t-1)`` (Broadbent 1979), which equals the spend where that is constant.
Conversions credited to the channel on a day are expected to be ``f(x) = b x / (x + k)``: Hill's
curve of shape one (Hill 1910; in marketing Jin et al. 2017), concave, nothing from nothing, at most
``b``, half of it at ``k``. Fitted by the Poisson quasi-likelihood over a grid of (c, k), in which
``b`` has a closed form: sum of conversions over sum of x / (x + k).

Intervals: the same fit on days resampled in blocks of a week, which keeps weekdays and what lasts
from day to day (moving blocks, Kuensch 1989). Replicates are matrix products, no loop.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST_DAYS = 28
LEAST_CONVERSIONS = 30.0
LEAST_VARIATION = 0.1
REPLICATES = 400
BLOCK = 7
_CARRY = np.array([0.0, 0.25, 0.5, 0.7, 0.85])
_HALVES = np.geomspace(0.05, 50.0, 41)
_FLOOR = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A channel's days, in order: cost, credited conversions and their value, equally long."""

    label: str
    cost: Floats
    conversions: Floats
    value: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A fitted response; the arrays hold a value per replicate, the first is the estimate.

    ``top`` and ``half`` are b and k of the formula; ``worth`` is the value of a conversion,
    ``today`` the mean spend of the days, ``most`` the highest spend at work on any of them.
    """

    label: str
    top: Floats
    half: Floats
    carry: float
    worth: Floats
    today: float
    most: float
    days: int
    conversions: float

    def at(self, spend: float) -> Floats:
        """Expected conversions a day at a daily ``spend``, per replicate."""
        return self.top * spend / (spend + self.half)

    def slope(self, spend: float) -> Floats:
        """Conversions that one more unit of daily spend brings at ``spend``, per replicate."""
        return self.top * self.half / (spend + self.half) ** 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """A channel whose days cannot tell a response, and why, in a sentence."""

    label: str
    reason: str
    today: float
    conversions: float
    value: float


def fit(
    series: Sequence[Series], *, replicates: int = REPLICATES, seed: int = 1
) -> tuple[Curve | Untold, ...]:
    """A curve for each channel or why there is none; all are resampled by the same days.

    Deterministic in its arguments. Raises ``ValueError`` when series differ in length.
    """
    if len({len(each.cost) for each in series}) > 1:
        raise ValueError("all series have the same days")
    days = len(series[0].cost) if series else 0
    weights = _weights(days, replicates, seed)
    return tuple(_one(each, weights) for each in series)


def interval(draws: Floats) -> tuple[float, float, float]:
    """The estimate and its 95 % bounds; the bounds hold the estimate."""
    low, high = np.quantile(draws[1:], (0.025, 0.975))
    point = float(draws[0])
    return point, min(point, float(low)), max(point, float(high))


def _one(series: Series, weights: Floats) -> Curve | Untold:
    reason = _untold(series)
    total, today = (
        float(series.conversions.sum()),
        float(series.cost.mean() if len(series.cost) else 0),
    )
    if reason:
        value = float(series.value.sum())
        return Untold(
            label=series.label, reason=reason, today=today, conversions=total, value=value
        )
    scale = today
    at_work = np.array([adstock(series.cost, carry) for carry in _CARRY]) / scale
    top, place = _fitted(at_work, series.conversions, weights)
    carry, half = np.divmod(place, len(_HALVES))
    return Curve(
        label=series.label,
        top=top,
        half=_HALVES[half] * scale,
        carry=float(_CARRY[carry[0]]),
        worth=_ratio(weights @ series.value, weights @ series.conversions),
        today=today,
        most=float(at_work[carry[0]].max() * scale),
        days=len(series.cost),
        conversions=total,
    )


def _untold(series: Series) -> str:
    spent = int((series.cost > 0).sum())
    mean = float(series.cost.mean()) if len(series.cost) else 0.0
    checks = (
        (mean <= 0, "It cost nothing in these days."),
        (
            spent < LEAST_DAYS,
            f"It was paid for on {spent} days; a curve needs {LEAST_DAYS} at least.",
        ),
        (
            float(series.conversions.sum()) < LEAST_CONVERSIONS,
            f"It was credited fewer than {LEAST_CONVERSIONS:.0f} conversions.",
        ),
        (
            mean > 0 and float(series.cost.std()) < LEAST_VARIATION * mean,
            "Its spend hardly ever varied, so nothing was seen of other budgets.",
        ),
    )
    return next((text for met, text in checks if met), "")


def adstock(cost: Floats, carry: float) -> Floats:
    """What of the spend is at work on each day; before the first day it was the mean."""
    found = np.empty_like(cost)
    last = float(cost.mean()) if len(cost) else 0.0
    for day, spent in enumerate(cost.tolist()):
        last = (1 - carry) * spent + carry * last
        found[day] = last
    return found


def _fitted(
    at_work: Floats, conversions: Floats, weights: Floats
) -> tuple[Floats, NDArray[np.int64]]:
    """Per replicate the top and the place of the best (carry, half) in the grid.

    ``at_work`` (carries, days) in units of the mean spend; ``weights`` (replicates, days).
    """
    known = np.maximum(at_work, _FLOOR)[:, None, :]
    shape = (known / (known + _HALVES[None, :, None])).reshape(-1, at_work.shape[1])
    total = weights @ conversions
    sums = weights @ shape.T
    # log-likelihood at the best b: sum y log(shape) + Y log(Y / sum shape) - Y
    likelihood = weights @ (conversions * np.log(shape)).T - total[:, None] * np.log(sums)
    place = likelihood.argmax(axis=1)
    return _ratio(total, sums[np.arange(len(place)), place]), place


def _weights(days: int, replicates: int, seed: int) -> Floats:
    """How often each day counts: once each in the first row, then in blocks by lot."""
    rows = np.ones((replicates + 1, days))
    if days == 0:
        return rows
    rng = np.random.default_rng(seed)
    length = min(BLOCK, days)
    count = -(-days // length)
    starts = rng.integers(0, days - length + 1, (replicates, count))
    drawn = (starts[:, :, None] + np.arange(length)).reshape(replicates, -1)[:, :days]
    for row, chosen in enumerate(drawn, start=1):
        rows[row] = np.bincount(chosen, minlength=days)
    return rows


def _ratio(above: Floats, below: Floats) -> Floats:
    found: Floats = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
    return found
