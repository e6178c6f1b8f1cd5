"""What operators do wrong, done to a simulated market, each with its truth.

Bets that never arrive are taken out of the book before its records are numbered, so that the feed's
numbering shows nothing; ``with_holes`` is the feed of an operator that does not renumber.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from simulation.gaming import Rng
from simulation.gaming_calendar import DAY, House
from simulation.gaming_games import ORDER
from simulation.gaming_market import HOUR, Book, Counts, Feed, Market

Flags = NDArray[np.bool_]


class Wrong(StrEnum):
    """What was done."""

    THINNED = "thinned"
    HIGH_STAKES = "high_stakes"
    PAYOUT_SPIKE = "payout_spike"
    FEED_DROP = "feed_drop"
    PARTIAL_DROP = "partial_drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What was done to an operator (its place) from an hour until before another, and how much.

    ``size`` is the share of bets taken out, of staked money (high stakes), or the factor of
    payouts; ``game`` is the one it was done to, empty for all.
    """

    operator: int
    kind: Wrong
    started: int
    ended: int
    size: float
    game: str = ""


def _during(book: Book, truth: Truth) -> Flags:
    hour = book.placed // HOUR
    inside = (hour >= truth.started) & (hour < truth.ended)
    return inside & (book.game == ORDER.index(truth.game)) if truth.game else inside


def put(market: Market, truths: Sequence[Truth], *, seed: int) -> Market:
    """The market with all of ``truths`` done to it, one after the other."""
    books = list(market.books)
    for place, truth in enumerate(truths):
        rng = np.random.default_rng([seed, 3, place])
        books[truth.operator] = done(books[truth.operator], truth, rng)
    return replace(market, books=tuple(books))


def done(book: Book, truth: Truth, rng: Rng) -> Book:
    """A book after what ``truth`` says."""
    if truth.kind is Wrong.PAYOUT_SPIKE:
        inside = _during(book, truth) & ~book.refunded
        back = np.where(inside, np.round(book.back * truth.size), book.back)
        return replace(book, back=back.astype(np.int64))
    return book.part(sent(book, truth, rng))


def sent(book: Book, truth: Truth, rng: Rng) -> Flags:
    """Which of a book's bets its operator still sends."""
    inside = _during(book, truth)
    if truth.kind is Wrong.HIGH_STAKES:
        return ~(inside & (book.stake >= _high(book, inside, truth.size)))
    return ~(inside & (rng.random(inside.size) < truth.size))


def _high(book: Book, inside: Flags, share: float) -> int:
    """The stake from which on stakes are this share of the money staked in a span."""
    stakes = np.sort(book.stake[inside])[::-1]
    if stakes.size == 0:
        return 0
    reached = np.searchsorted(np.cumsum(stakes), share * stakes.sum())
    return int(stakes[min(int(reached), stakes.size - 1)])


def with_holes(made: Feed, kept: Flags) -> Feed:
    """A feed without the records of the bets that are not kept, which leave their numbers open."""
    stay = kept[made.bet]
    return Feed(**{name: getattr(made, name)[stay] for name in Feed.__slots__})


def lost(made: Counts, truths: Sequence[Truth], *, seed: int) -> Counts:
    """A market's hours after feeds lost what ``truths`` say, bet by bet at random."""
    games = [each.copy() for each in made.games]
    for place, truth in enumerate(truths):
        rng = np.random.default_rng([seed, 4, place])
        part = slice(truth.started, truth.ended)
        for each in games:
            before = each[part, truth.operator].astype(np.int64)
            each[part, truth.operator] = rng.binomial(before, 1.0 - truth.size)
    return replace(made, games=tuple(games))


def under_reporters(market: Market, rng: Rng, *, count: int = 3) -> tuple[Truth, ...]:
    """Operators that leave out bets from some day of the fourth to sixth week on, until the end.

    Two of three leave out 10 to 40 % of their bets at random, the others the highest stakes, 10 to
    40 % of the money.
    """
    who = rng.choice(len(market.books), count, replace=False)
    found = []
    for place in who.tolist():
        first = int(rng.integers(23, max(24, market.days - 18)))
        kind = Wrong.THINNED if rng.random() < 2 / 3 else Wrong.HIGH_STAKES
        size = float(rng.uniform(0.1, 0.4))
        found.append(
            Truth(operator=place, kind=kind, started=first * DAY, ended=market.hours, size=size)
        )
    return tuple(found)


def spikes(market: Market, rng: Rng, *, count: int = 6, after: int = 21) -> tuple[Truth, ...]:
    """Games that pay two to five times too much for four to twelve hours of the later day.

    Of games that are played at least a hundred times an hour, and at most one spell a game.
    """
    games = [
        (place, game)
        for place, house in enumerate(market.houses)
        for game, bets in house.games.items()
        if bets >= 100
    ]
    chosen = rng.permutation(len(games))[:count].tolist()
    found = []
    for place, game in (games[each] for each in chosen):
        day, hour = int(rng.integers(after, market.days)), int(rng.integers(12, 19))
        start = day * DAY + hour
        end = min(start + int(rng.integers(4, 13)), market.hours)
        size = float(rng.uniform(2, 5))
        found.append(
            Truth(operator=place, kind=Wrong.PAYOUT_SPIKE, started=start, ended=end, size=size,
                  game=game)
        )  # fmt: skip
    return tuple(found)


def drops(
    houses: Sequence[House], hours: int, rng: Rng, *, count: int = 10, after: int = 28
) -> tuple[Truth, ...]:
    """Feeds that lose all of their events for 2 to 24 hours, or 60 to 95 % for 6 to 24.

    At most one spell an operator and week, none in announced closures or within a day of one.
    """
    found: list[Truth] = []
    while len(found) < count:
        place = int(rng.integers(len(houses)))
        start = int(rng.integers(after * DAY, hours - 2 * DAY))
        whole = bool(rng.random() < 0.5)
        end = start + int(rng.integers(2, 25) if whole else rng.integers(6, 25))
        taken = [(each.started, each.ended) for each in found if each.operator == place]
        shut = houses[place].closed
        if any(start < high + 7 * DAY and low < end + 7 * DAY for low, high in taken):
            continue
        if any(start < high + DAY and low < end + DAY for low, high in shut):
            continue
        found.append(
            Truth(
                operator=place, kind=Wrong.FEED_DROP if whole else Wrong.PARTIAL_DROP,
                started=start, ended=end, size=1.0 if whole else float(rng.uniform(0.6, 0.95)),
            )
        )  # fmt: skip
    return tuple(found)
