"""What moves a gambling market's hours: its calendar, its matches, and each operator's own ways.

All operators share holidays, matches and a mood; an operator has its hours of the day, weekends,
growth, promotions, closures that it announces, and a mood of its own. How much an operator moves by
itself is an assumption and no measurement: three hundredths a day, of which six tenths last to the
next, and two hundredths of growth a month more or less than the market. (New York's weekly shares
of *money* move twice as much; nobody publishes counts of bets.)
"""

from dataclasses import dataclass

import numpy as np

from simulation.gaming import Floats, Rng
from simulation.gaming_games import ORDER

DAY = 24
MOOD, OWN_MOOD, LASTS = 0.06, 0.03, 0.6
HOLIDAY = {"slots": 1.3, "table": 1.3, "poker": 1.25, "bingo": 1.2, "lottery": 1.1, "sports": 0.9}
"""What a holiday multiplies a game's bets by."""
_AHEAD = 12
"""Hours before a match in which people bet on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Matches in the order of their start: hour, popularity, chances (matches, 3), and result."""

    hour: Floats
    popularity: Floats
    chances: Floats
    result: Floats

    def open_at(self, hours: Floats) -> tuple[Floats, Floats]:
        """The first and past-the-last match that can be bet on at each time (hours)."""
        first = np.searchsorted(self.hour, hours, side="right")
        last = np.searchsorted(self.hour, hours + _AHEAD, side="right")
        first = np.minimum(first, self.hour.size - 1)
        return first.astype(np.float64), np.maximum(last, first + 1).astype(np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What all operators share: a factor per hour and game, holidays (days), and the matches."""

    factors: dict[str, Floats]
    holidays: tuple[int, ...]
    matches: Matches


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """Days (both included) in which one game of an operator is played more."""

    game: str
    first: int
    last: int
    lift: float


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """An operator: bets an hour by game on average, players, and its own ways.

    ``growth`` of its bets in thirty days; ``closed`` hours are announced beforehand (from, until).
    ``noise`` multiplies its own mood.
    """

    name: str
    games: dict[str, float]
    players: int
    stake: float
    peak: float
    swing: float
    weekend: float
    growth: float
    promotions: tuple[Promotion, ...] = ()
    closed: tuple[tuple[int, int], ...] = ()
    noise: float = 1.0


def calendar(rng: Rng, days: int) -> Calendar:
    """A market's calendar; day 0 is a Monday."""
    hours = days * DAY
    count = max(1, round(days / 25))
    holidays = tuple(sorted(rng.choice(days, count, replace=False).tolist()))
    shared = np.exp(_mood(rng, days, MOOD, LASTS))[np.arange(hours) // DAY]
    matches = _matches(rng, days)
    factors = {}
    for game in ORDER:
        factor = shared.copy()
        for each in holidays:
            factor[each * DAY : (each + 1) * DAY] *= HOLIDAY[game]
        factors[game] = factor
    factors["sports"] *= _interest(matches, hours)
    return Calendar(factors=factors, holidays=holidays, matches=matches)


def _mood(rng: Rng, days: int, deviation: float, lasts: float) -> Floats:
    """A series that goes back to 0: first-order autoregression of a given deviation."""
    steps = rng.normal(0, deviation * (1 - lasts**2) ** 0.5, days)
    found = np.zeros(days)
    found[0] = rng.normal(0, deviation)
    for day in range(1, days):
        found[day] = lasts * found[day - 1] + steps[day]
    return found


def _matches(rng: Rng, days: int) -> Matches:
    """Two dozen small matches a day, leagues on Wednesday evenings and weekends, a few great."""
    per_day = 24
    day = np.repeat(np.arange(days + 1), per_day)
    hour = day * DAY + np.tile(np.arange(per_day), days + 1) + rng.random(day.size)
    popularity = 0.15 * rng.lognormal(0, 0.6, day.size)
    league = [(2, 19.0), (2, 20.75), (5, 14.5), (5, 17.5), (5, 20.0), (6, 14.5), (6, 17.5)]
    for weekday, at in league:
        for first in range(weekday, days, 7):
            extra = first * DAY + at + rng.random(2) * 0.5
            hour = np.append(hour, extra)
            popularity = np.append(popularity, 2.0 * rng.lognormal(0, 0.6, 2))
    great = rng.choice(days, max(1, days // 15), replace=False) * DAY + 20.0
    hour, popularity = np.append(hour, great), np.append(popularity, np.full(great.size, 9.0))
    order = np.argsort(hour)
    chances = rng.dirichlet((2.2, 1.4, 1.8), hour.size).clip(0.05)
    chances /= chances.sum(axis=1, keepdims=True)
    luck = rng.random(hour.size)
    result = (luck[:, None] > np.cumsum(chances, axis=1)).sum(axis=1).clip(max=2)
    return Matches(
        hour=hour[order], popularity=popularity[order], chances=chances[order],
        result=result[order].astype(np.float64),
    )  # fmt: skip


def _interest(matches: Matches, hours: int) -> Floats:
    """How much an hour's coming matches draw: 1 on average, most in the hours before."""
    drawn = np.zeros(hours)
    for ahead, weight in ((0, 1.0), (1, 1.0), (2, 0.6), (3, 0.4), (4, 0.2)):
        at = np.floor(matches.hour).astype(np.int64) - ahead
        inside = (at >= 0) & (at < hours)
        drawn += np.bincount(at[inside], weight * matches.popularity[inside], minlength=hours)
    found: Floats = 0.4 + 0.6 * drawn / drawn.mean()
    return found


def rates(house: House, shared: Calendar, rng: Rng, days: int) -> dict[str, Floats]:
    """Expected bets of each hour (days x 24) by game."""
    hour = np.arange(days * DAY)
    daily = 1.0 + house.swing * np.cos(2 * np.pi * (hour % DAY - house.peak) / DAY)
    weekly = np.where(hour // DAY % 7 >= 5, house.weekend, 1.0)
    weekly = weekly * 7 / (5 + 2 * house.weekend)
    growth = (1.0 + house.growth) ** (hour / DAY / 30)
    own = house.noise * _mood(rng, days, OWN_MOOD, LASTS)
    base = daily * weekly * growth * np.exp(own)[hour // DAY]
    for start, end in house.closed:
        base[start:end] = 0.0
    found = {}
    for game, mean in house.games.items():
        rate = mean * base * shared.factors[game]
        for each in house.promotions:
            if each.game == game:
                rate[each.first * DAY : (each.last + 1) * DAY] *= each.lift
        found[game] = rate
    return found
