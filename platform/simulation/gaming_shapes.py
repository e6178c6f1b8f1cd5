"""A market's hours as sums, in which every day has a shape of its own.

``gaming.season`` gives the hours, and on it lie what makes honest days differ:

- the market's mood and each operator's own, slowly moving (first-order autoregressions);
- a promotion a day, at an hour that nobody knows before: activity rises within an hour by half, by
  an operator's own size of it, and fades within hours, each operator's at its own pace.

So each hour of the day has a wide range, and each day a narrow one: its shape is known but for
when. Bets are Poisson, what they stake and pay are sums of log-normal variables with the moments
of ``gaming``'s slots (Fenton, 1960: such sums are about log-normal), so that payouts vary as a
game's do.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from simulation.gaming import RETURNS, Floats, Rng, season

START = datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday."""
DAY, WEEK = 24, 168
_STAKE, _STAKE_SIGMA = 500.0, 1.0
_WIN_CHANCE, _WIN_SIGMA = 0.25, 1.5
_LASTS = 72
"""Hours after which nothing is left of a promotion."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hours:
    """Hours (rows) from ``start`` by operators (columns); amounts in cents."""

    start: datetime
    stakes: Floats
    payouts: Floats
    events: Floats


def market(
    *, seed: int, operators: int = 6, weeks: int = 40, start: datetime = START,
    bets: tuple[float, float] = (1_500.0, 6_000.0),
) -> Hours:  # fmt: skip
    """Clean hours of operators whose average hour has ``bets[0]`` to ``bets[1]`` bets."""
    rng = np.random.default_rng([seed, 1])
    hours = weeks * WEEK
    usual = np.array([season(start + timedelta(hours=hour)) for hour in range(hours)])
    size = np.exp(rng.uniform(math.log(bets[0]), math.log(bets[1]), operators))
    mood = _wander(rng, hours, 1, 0.97, 0.010) + _wander(rng, hours, operators, 0.9, 0.010)
    own = np.column_stack([_happenings(rng, hours) for _ in range(operators)])
    count = rng.poisson(usual[:, None] * size * np.exp(mood + own)).astype(np.float64)
    won = rng.binomial(count.astype(np.int64), _WIN_CHANCE).astype(np.float64)
    stakes = _sums(rng, count, _STAKE, _STAKE_SIGMA)
    mean_win = RETURNS["slots"] / _WIN_CHANCE * stakes / np.maximum(count, 1.0)
    wider = math.sqrt(_STAKE_SIGMA**2 + _WIN_SIGMA**2)
    return Hours(start=start, stakes=stakes, payouts=_sums(rng, won, mean_win, wider),
                 events=count + won)  # fmt: skip


def _wander(rng: Rng, hours: int, operators: int, keeps: float, moves: float) -> Floats:
    """First-order autoregressions, started as they go on: hours x operators."""
    found = np.empty((hours, operators))
    found[0] = rng.normal(0.0, moves / math.sqrt(1.0 - keeps**2), operators)
    steps = rng.normal(0.0, moves, (hours, operators))
    for hour in range(1, hours):
        found[hour] = keeps * found[hour - 1] + steps[hour]
    return found


def _happenings(rng: Rng, hours: int) -> Floats:
    """What promotions add to the logarithm of an operator's hours: one a day, at any hour."""
    found = np.zeros(hours + _LASTS)
    after = np.arange(_LASTS, dtype=np.float64)
    height, fades = rng.uniform(0.4, 0.6), rng.uniform(2.0, 4.0)
    for day in range(hours // DAY):
        begins = day * DAY + int(rng.integers(0, DAY))
        size = height * rng.lognormal(0.0, 0.08)
        found[begins : begins + _LASTS] += size * np.exp(-after / fades)
    return found[:hours]


def _sums(rng: Rng, count: Floats, mean: float | Floats, sigma: float) -> Floats:
    """Sums of ``count`` log-normal variables each, as log-normal variables of the same moments."""
    varies: Floats = (math.exp(sigma**2) - 1.0) / np.maximum(count, 1.0)
    spread = np.sqrt(np.log1p(varies))
    drawn: Floats = (
        mean * count * np.exp(rng.normal(0.0, 1.0, count.shape) * spread - spread**2 / 2)
    )
    found: Floats = np.where(count > 0, drawn, 0.0).round().astype(np.float64)
    return found
