"""A whole gambling market, bet by bet, in columns: ten operators and two months in seconds.

A bet is placed in a sitting of its player, is settled at once or when its match ends, and brings
back what its game makes likely. Amounts are cents; times are seconds since the market's first
midnight, a Monday. The same seed makes the same market, byte for byte.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simulation.gaming import Floats, Rng
from simulation.gaming_calendar import DAY, Calendar, House, Promotion, calendar, rates
from simulation.gaming_games import GAMES, MARGIN, ORDER, Game

Ints = NDArray[np.int64]
HOUR = 3_600
_REFUNDED = 0.005
_PLAYED_ON = 7_200
"""Seconds from a match's start to its end."""
_MIXES = (
    {"slots": 0.8, "table": 0.2}, {"slots": 0.6, "sports": 0.4}, {"sports": 1.0},
    {"slots": 0.55, "table": 0.25, "poker": 0.2}, {"slots": 0.45, "sports": 0.4, "table": 0.15},
    {"slots": 0.9, "bingo": 0.1}, {"sports": 0.8, "table": 0.2}, {"slots": 0.7, "lottery": 0.3},
    {"slots": 0.5, "poker": 0.3, "sports": 0.2}, {"slots": 1.0},
)  # fmt: skip
"""What share of its bets an operator's games have, operator after operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """An operator's bets in the order in which they were placed; all columns are as long.

    ``game`` is a place in ``gaming_games.ORDER``; ``back`` is what came back, a payout or, where
    ``refunded``, the stake itself; ``player`` is a number within the operator.
    """

    placed: Ints
    settled: Ints
    game: Ints
    stake: Ints
    back: Ints
    refunded: NDArray[np.bool_]
    player: Ints

    def part(self, kept: NDArray[np.bool_] | Ints) -> "Book":
        """The bets chosen by a mask or by their places."""
        return replace(self, **{name: getattr(self, name)[kept] for name in self.__slots__})

    @property
    def payouts(self) -> Ints:
        """What was won by each bet; 0 for one that was refunded."""
        return np.where(self.refunded, 0, self.back)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Operators, what they share, and the bets of each."""

    days: int
    houses: tuple[House, ...]
    calendar: Calendar
    books: tuple[Book, ...]

    @property
    def hours(self) -> int:
        """How many hours it lasts."""
        return self.days * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """A market's bets by hour and operator, (hours, operators), one array a game of ``ORDER``."""

    houses: tuple[House, ...]
    calendar: Calendar
    games: tuple[Floats, ...]


def houses(rng: Rng, count: int, days: int, *, bets: float, noise: float = 1.0) -> list[House]:
    """Operators of different size (``bets`` an hour is the middle one's), games and habits."""
    found = []
    for place in range(count):
        size = bets * float(np.clip(rng.lognormal(0, 0.5), 0.5, 3.0))
        mix = _MIXES[place % len(_MIXES)]
        found.append(
            House(
                name=f"house-{place + 1}", players=int(size * 12),
                games={game: size * share for game, share in mix.items()},
                stake=float(rng.uniform(2, 8)), peak=float(rng.uniform(18.5, 22.5)),
                swing=float(rng.uniform(0.4, 0.75)), weekend=float(rng.uniform(0.95, 1.5)),
                growth=float(rng.normal(0.02, 0.02)), noise=noise,
                promotions=_promotions(rng, tuple(mix), days), closed=_closures(rng, days),
            )
        )  # fmt: skip
    return found


def _promotions(rng: Rng, games: tuple[str, ...], days: int) -> tuple[Promotion, ...]:
    """About one in thirty days, of two days to a week, 15 to 60 % more of one game."""
    found = []
    for first in np.sort(rng.integers(0, days, int(rng.poisson(days / 30)))).tolist():
        last = min(days - 1, first + int(rng.integers(1, 7)))
        game = games[int(rng.integers(len(games)))]
        lift = float(rng.uniform(1.15, 1.6))
        found.append(Promotion(game=game, first=first, last=last, lift=lift))
    return tuple(found)


def _closures(rng: Rng, days: int) -> tuple[tuple[int, int], ...]:
    """Announced maintenance: about once in thirty days, two to four hours from three o'clock on."""
    count = min(days, int(rng.poisson(days / 30)))
    nights = np.sort(rng.choice(days, count, replace=False)).tolist()
    return tuple((night * DAY + 3, night * DAY + 3 + int(rng.integers(2, 5))) for night in nights)


def market(
    seed: int, *, days: int = 60, operators: int = 10, bets: float = 350.0, noise: float = 1.0
) -> Market:
    """A market without fraud; ``bets`` an hour is its middle operator's mean."""
    rng = np.random.default_rng([seed, 1])
    shared = calendar(rng, days)
    made = houses(rng, operators, days, bets=bets, noise=noise)
    books = tuple(
        book(house, shared, np.random.default_rng([seed, 2, place]), days)
        for place, house in enumerate(made)
    )
    return Market(days=days, houses=tuple(made), calendar=shared, books=books)


def counts(
    seed: int, *, days: int = 60, operators: int = 10, bets: float = 3_000.0, noise: float = 1.0
) -> Counts:
    """A market of any size by its hours alone: how many bets, drawn as sums of sittings.

    The same operators, calendar and laws as ``market``; all bets of a sitting count in the hour in
    which it began.
    """
    rng = np.random.default_rng([seed, 1])
    shared = calendar(rng, days)
    made = houses(rng, operators, days, bets=bets, noise=noise)
    found = {name: np.zeros((days * DAY, operators)) for name in ORDER}
    for place, house in enumerate(made):
        own = np.random.default_rng([seed, 2, place])
        for name, rate in rates(house, shared, own, days).items():
            sittings = _sittings(GAMES[name], rate, own)
            more = own.negative_binomial(np.maximum(sittings, 1), 1 / GAMES[name].bets)
            found[name][:, place] = sittings + np.where(sittings > 0, more, 0)
    return Counts(houses=tuple(made), calendar=shared, games=tuple(found.values()))


def _sittings(game: Game, rate: Floats, rng: Rng) -> Ints:
    """How many sittings begin in each hour: an hour has its own mood, of a twentieth."""
    found: Ints = rng.poisson(rate / game.bets * rng.gamma(400, 1 / 400, rate.size))
    return found


def book(house: House, shared: Calendar, rng: Rng, days: int) -> Book:
    """An operator's bets."""
    parts = [
        _played(house, game, rate, shared, rng)
        for game, rate in rates(house, shared, rng, days).items()
    ]
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in Book.__slots__
    }
    return Book(**columns).part(np.argsort(columns["placed"], kind="stable"))


def _played(house: House, name: str, rate: Floats, shared: Calendar, rng: Rng) -> Book:
    """A game's bets: sittings by the hour, bets at the game's pace, what each brings back."""
    game = GAMES[name]
    sittings = _sittings(game, rate, rng)
    start = np.repeat(np.arange(rate.size) * float(HOUR), sittings)
    start += rng.random(start.size) * HOUR
    length = rng.geometric(1 / game.bets, start.size)
    placed = _times(start, length, game, rng)
    inside = placed < rate.size * HOUR
    player = (house.players * rng.random(start.size) ** 2.5).astype(np.int64)
    level = house.stake * game.stake * rng.lognormal(-0.5, 1.0, start.size)
    stake = _round(100 * np.repeat(level, length) * rng.lognormal(0, 0.25, placed.size))
    pays, ends = _brought(game, placed, shared, rng)
    refunded = rng.random(placed.size) < _REFUNDED
    made = Book(
        placed=placed.astype(np.int64), settled=ends.astype(np.int64),
        game=np.full(placed.size, ORDER.index(name)), stake=stake,
        back=np.where(refunded, stake, np.round(stake * pays).astype(np.int64)),
        refunded=refunded, player=np.repeat(player, length),
    )  # fmt: skip
    return made.part(inside)


def _times(start: Floats, length: Ints, game: Game, rng: Rng) -> Floats:
    """When the bets of each sitting are placed: at its own pace, with a pause now and then."""
    total = int(length.sum())
    pace = (game.pace or 240.0) * rng.lognormal(0, 0.3 if game.pace else 1.0, start.size)
    gap = np.repeat(pace, length) * rng.lognormal(0, 0.15 if game.pace else 1.0, total)
    gap *= np.where(rng.random(total) < 0.04, 1 + rng.exponential(4, total), 1.0)
    first = np.cumsum(length) - length
    gap[first] = 0.0
    run = np.cumsum(gap)
    found: Floats = np.repeat(start, length) + run - np.repeat(run[first], length)
    return found


def _round(cents: Floats) -> Ints:
    """Stakes as people choose them: tenths below ten, whole numbers above; ten cents at least."""
    step = np.where(cents < 1_000, 10, 100)
    return np.maximum(np.round(cents / step) * step, 10).astype(np.int64)


def _brought(game: Game, placed: Floats, shared: Calendar, rng: Rng) -> tuple[Floats, Floats]:
    """What a stake of 1 brings back in each bet, and when."""
    if game.pays is not None:
        return game.pays(rng, placed.size), placed + 2.0
    matches = shared.matches
    first, last = (each.astype(np.int64) for each in matches.open_at(placed / HOUR))
    drawn = np.concatenate([[0.0], np.cumsum(matches.popularity)])
    at = drawn[first] + rng.random(placed.size) * (drawn[last] - drawn[first])
    which = np.clip(np.searchsorted(drawn, at, side="right") - 1, first, last - 1)
    chances = matches.chances[which]
    backed = np.cumsum(chances**1.2, axis=1)
    pick = (rng.random(placed.size)[:, None] * backed[:, -1:] > backed).sum(axis=1)
    odds = (1 - MARGIN) / chances[np.arange(placed.size), pick]
    won = matches.result[which] == pick
    ends = np.maximum(matches.hour[which] * HOUR + _PLAYED_ON, placed + 60)
    return np.where(won, odds, 0.0), ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """An operator's records as it sends them, in the order of time, with its own numbering.

    ``kind`` is 0 for a stake, 1 a payout, 2 a refund; ``bet`` is the place in the book.
    """

    number: Ints
    at: Ints
    kind: Ints
    amount: Ints
    game: Ints
    player: Ints
    bet: Ints


def feed(made: Book) -> Feed:
    """A book's records, numbered 1, 2, 3 …: its stakes, and what came back when it was settled."""
    came = np.flatnonzero(made.back > 0)
    bet = np.concatenate([np.arange(made.stake.size), came])
    at = np.concatenate([made.placed, made.settled[came]])
    kind = np.concatenate([np.zeros(made.stake.size, np.int64), 1 + made.refunded[came]])
    order = np.lexsort((kind, at))
    bet, at, kind = bet[order], at[order], kind[order]
    return Feed(
        number=np.arange(1, bet.size + 1), at=at, kind=kind, bet=bet, game=made.game[bet],
        amount=np.where(kind == 0, made.stake[bet], made.back[bet]), player=made.player[bet],
    )  # fmt: skip


def hourly(market: Market, *, game: int | None = None) -> Floats:
    """Bets of each hour and operator: (hours, operators); of one game or of all."""
    found = np.zeros((market.hours, len(market.books)))
    for place, made in enumerate(market.books):
        placed = made.placed if game is None else made.placed[made.game == game]
        found[:, place] = np.bincount(placed // HOUR, minlength=market.hours)[: market.hours]
    return found


def staked(market: Market) -> Floats:
    """Cents staked in each hour and operator: (hours, operators)."""
    found = np.zeros((market.hours, len(market.books)))
    for place, made in enumerate(market.books):
        sums = np.bincount(made.placed // HOUR, weights=made.stake, minlength=market.hours)
        found[:, place] = sums[: market.hours]
    return found
