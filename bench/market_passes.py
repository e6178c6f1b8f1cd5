"""The regulator's detectors over a simulated market, as a watch runs them; no row of its own.

Announced closures are not a number: no events are missing where an operator said that none come.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regulator.detectors import Anomaly, baseline, benford, drop, payout, results, tempo, thinning
from regulator.detectors.anomaly import Floats, Ints
from simulation.gaming_calendar import DAY, House
from simulation.gaming_games import ORDER
from simulation.gaming_market import HOUR, Book, Market

LEARNED = 21
"""Days that are learned from."""
SPORTS = ORDER.index("sports")
DIGITS = 1e-4
"""How unlikely a week's first digits must be beside the operator's own earlier weeks."""
LIMITS = (
    f"drop {drop.SIZE:g} an hour; baseline {baseline.LIMIT:g} deviations on events and stakes;"
    f" payout {payout.SIZE:g} an hour and game; results {results.LIMIT:g} deviations;"
    f" thinning {thinning.PER_YEAR:g} a year (score {thinning.limit():.2f}); tempo and high stakes"
    f" {tempo.PER_YEAR:g} a year each (high stakes shared among its games);"
    f" digits {DIGITS:g} a week"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A finding of one operator, its stretch in hours: from, and until before."""

    operator: int
    detector: str
    started: int
    ended: int
    alarm: int
    """The hour at whose end it could first be told."""
    game: str = ""


def without_closures(values: Floats, houses: tuple[House, ...]) -> Floats:
    """Hours by operators, with the hours that each said it is closed taken out."""
    found = values.copy()
    for place, house in enumerate(houses):
        for start, end in house.closed:
            found[start:end, place] = np.nan
    return found


def by_hour(market: Market, of: Callable[[Book], tuple[Ints, Floats]]) -> list[Floats]:
    """Sums of hours by operators, one array a game; ``of`` a book gives seconds and weights."""
    shape = (len(ORDER), market.hours, len(market.books))
    found = np.zeros(shape)
    for place, book in enumerate(market.books):
        seconds, weights = of(book)
        hour = seconds // HOUR
        inside = hour < market.hours
        cell = book.game[inside] * market.hours + hour[inside]
        sums = np.bincount(cell, weights[inside], minlength=len(ORDER) * market.hours)
        found[:, :, place] = sums.reshape(len(ORDER), market.hours)
    return list(found)


def bets(market: Market) -> list[Floats]:
    """Bets placed in each hour by operators, by game."""
    return by_hour(market, lambda book: (book.placed, _float(book.placed >= 0)))


def stakes(market: Market) -> list[Floats]:
    """Cents staked in each hour by operators, by game."""
    return by_hour(market, lambda book: (book.placed, _float(book.stake)))


def drops(games: list[Floats], houses: tuple[House, ...]) -> list[Told]:
    """Feed drops of hourly bets by game."""
    open_ = [without_closures(each, houses) for each in games]
    found = drop.anomalies(np.sum(open_, axis=0), games=open_)
    return _hours("drop", found)


def deviations(name: str, games: list[Floats], houses: tuple[House, ...]) -> list[Told]:
    """Hours far from the baseline."""
    open_ = [without_closures(each, houses) for each in games]
    return _hours(name, baseline.anomalies(np.sum(open_, axis=0), games=open_))


def _hours(name: str, found: list[list[Anomaly]]) -> list[Told]:
    return [
        Told(operator=place, detector=name, started=each.started, ended=each.ended + 1,
             alarm=each.started)
        for place, told in enumerate(found)
        for each in told
    ]  # fmt: skip


def left_out(market: Market) -> list[Told]:
    """Bets that never arrive: by count, by missing beats, by missing high stakes."""
    games = [each.reshape(-1, DAY, len(market.books)).sum(axis=1) for each in bets(market)]
    counts = np.sum(games, axis=0)
    found = []
    for place, book in enumerate(market.books):
        found += _days(
            place, "thinning", thinning.thinning(counts, place, games=games, learned=LEARNED)
        )
        beats = tempo.beats(
            book.placed.astype(np.float64), book.player, book.game, span=DAY * HOUR,
            periods=market.days,
        )  # fmt: skip
        found += _days(place, "tempo", tempo.anomaly(beats, learned=LEARNED))
        played = np.unique(book.game).tolist()
        for game in played:
            high = thinning.high_days(
                _high(book, game, market.days), games[game][:, place], learned=LEARNED,
                per_year=thinning.PER_YEAR / len(played),
            )  # fmt: skip
            found += _days(place, "high stakes", high)
    return found


def _high(book: Book, game: int, days: int) -> Floats:
    """How many stakes of a game are above the 99th percentile of its learned days, by day."""
    mine = book.game == game
    day, stake = book.placed[mine] // (DAY * HOUR), book.stake[mine]
    threshold = np.quantile(stake[day < LEARNED], 0.99)
    return np.bincount(day[stake > threshold], minlength=days)[:days].astype(np.float64)


def _days(place: int, name: str, told: Anomaly | None) -> list[Told]:
    if told is None:
        return []
    alarm = (int(told.evidence["first_alarm"]) + 1) * DAY - 1
    return [
        Told(operator=place, detector=name, started=told.started * DAY,
             ended=(told.ended + 1) * DAY, alarm=alarm)
    ]  # fmt: skip


def payouts(market: Market) -> list[Told]:
    """Payout spikes of every operator and game, by the hour bets were settled in."""
    first, found = LEARNED * DAY, []
    for place, book in enumerate(market.books):
        for game in np.unique(book.game).tolist():
            if game != SPORTS:
                found += _paid(place, game, _spikes(book, game, first))
    paid = by_hour(market, lambda book: (book.settled, _float(book.payouts)))[SPORTS]
    staked = by_hour(market, lambda book: (book.settled, _float(book.stake * ~book.refunded)))
    settled = by_hour(market, lambda book: (book.settled, _float(~book.refunded)))
    for place in range(len(market.books)):
        told = results.spikes(paid, staked[SPORTS], settled[SPORTS], place, first=first)
        found += _paid(place, SPORTS, told)
    return found


def _float(values: NDArray[Any]) -> Floats:
    return values.astype(np.float64)


def _spikes(book: Book, game: int, first: int) -> list[Anomaly]:
    mine = (book.game == game) & ~book.refunded
    hour = book.settled[mine] // HOUR
    staked, paid = book.stake[mine].astype(np.float64), book.payouts[mine].astype(np.float64)
    past = hour < first
    learned = payout.learn(staked[past], paid[past], hour[past])
    return payout.spikes(learned, staked, paid, hour, first=first) if learned else []


def _paid(place: int, game: int, told: list[Anomaly]) -> list[Told]:
    return [
        Told(operator=place, detector="payout", started=each.started, ended=each.ended + 1,
             alarm=each.ended, game=ORDER[game])
        for each in told
    ]  # fmt: skip


def digits(market: Market) -> list[Told]:
    """Weeks whose stakes begin with other digits than the operator's earlier weeks."""
    found = []
    for place, book in enumerate(market.books):
        week = book.placed // (7 * DAY * HOUR)
        tallies = [
            benford.tally(book.stake[week == each].astype(np.float64), 1)
            for each in range(market.days // 7)
        ]
        for each in range(benford.LEAST_PERIODS, len(tallies)):
            held = benford.against_history(tallies[:each], tallies[each])
            if held is not None and held.p_value < DIGITS:
                start, end = each * 7 * DAY, (each + 1) * 7 * DAY
                found.append(
                    Told(operator=place, detector="digits", started=start, ended=end, alarm=end - 1)
                )
    return found


def everything(market: Market) -> list[Told]:
    """All detectors that can speak about bets."""
    games = bets(market)
    return [
        *drops(games, market.houses),
        *deviations("events", games, market.houses),
        *deviations("stakes", stakes(market), market.houses),
        *payouts(market),
        *left_out(market),
        *digits(market),
    ]
