"""A simulated market as the watch would hold it: hours, days, plays and counted days; no row.

Announced closures are quiet stretches: no events are missing where an operator said so.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from regulator.detectors import tempo
from regulator.detectors.anomaly import Floats, Ints
from regulator.watch import market as figures
from regulator.watch.market import HOUR, Market, Row
from regulator.watch.payouts import Key, Plays
from regulator.watch.played import Game, Played
from regulator.watch.stakes import Staked, cell, monday
from simulation import gaming_market
from simulation.gaming_calendar import DAY, House
from simulation.gaming_games import ORDER
from simulation.gaming_market import Book

START = datetime(2024, 1, 1, tzinfo=UTC)
"""A Monday, as every simulated market begins on one."""
EPOCH = int(START.timestamp()) // 3_600
_TEN_MINUTES = 600
_CURRENCY = "EUR"


def _known(houses: Sequence[House], hours: int) -> dict[str, figures.Known]:
    return {
        house.name: figures.Known(
            currency=_CURRENCY, since=START, until=START + hours * HOUR,
            quiet=tuple((START + low * HOUR, START + high * HOUR) for low, high in house.closed),
        )
        for house in houses
    }  # fmt: skip


def of_counts(houses: Sequence[House], games: Sequence[Floats]) -> Market:
    """Hours of bets alone, (hours, operators) by game, as if each were of one cent."""
    hours = games[0].shape[0]
    rows = [
        Row(operator=house.name, start=START + int(at) * HOUR, stakes=int(values[at, place]),
            payouts=0, refunds=0, events=int(values[at, place]), game=name)
        for place, house in enumerate(houses)
        for name, values in (
            *zip(ORDER, games, strict=True), ("", np.sum(games, axis=0)),
        )
        for at in np.flatnonzero(values[:, place])
    ]  # fmt: skip
    return figures.build(
        rows, _known(houses, hours), start=START, end=START + hours * HOUR, step=HOUR
    )


def of_books(made: gaming_market.Market, *, days: bool = False) -> Market:
    """Hours or days of a market's records, by game and of all."""
    span = DAY if days else 1
    size = made.hours // span
    rows: list[Row] = []
    for house, book in zip(made.houses, made.books, strict=True):
        table = _totals(book, size, 3_600 * span)
        for name, sums in zip((*ORDER, ""), (*table, table.sum(axis=0)), strict=True):
            rows += [
                Row(operator=house.name, start=START + int(at) * span * HOUR, game=name,
                    stakes=int(sums[at, 0]), payouts=int(sums[at, 1]), refunds=int(sums[at, 2]),
                    events=int(sums[at, 3]))
                for at in np.flatnonzero(sums[:, 3])
            ]  # fmt: skip
    known = _known(made.houses, made.hours)
    return figures.build(rows, known, start=START, end=START + made.hours * HOUR, step=span * HOUR)


def _totals(book: Book, size: int, seconds: int) -> Floats:
    """Stakes, payouts, refunds and records by game and step: (games, steps, 4)."""
    found = np.zeros((4, len(ORDER) * size))
    back = book.back > 0
    kinds = (
        (np.ones(book.stake.size, bool), book.placed, book.stake),
        (back & ~book.refunded, book.settled, book.back),
        (back & book.refunded, book.settled, book.back),
    )
    for figure, (mine, at, amount) in enumerate(kinds):
        step = at[mine] // seconds
        inside = step < size
        cell = book.game[mine][inside] * size + step[inside]
        found[figure] = np.bincount(cell, amount[mine][inside], minlength=found.shape[1])
        found[3] += np.bincount(cell, minlength=found.shape[1])
    return found.reshape(4, len(ORDER), size).transpose(1, 2, 0)


def plays(made: gaming_market.Market) -> dict[Key, Plays]:
    """What players staked and won in ten minutes, as the watch reads it from the log."""
    found: dict[Key, Plays] = {}
    for house, book in zip(made.houses, made.books, strict=True):
        won = np.flatnonzero(book.payouts > 0)
        at = np.concatenate([book.placed, book.settled[won]])
        bet = np.concatenate([np.arange(book.stake.size), won])
        staked = np.concatenate([book.stake, np.zeros(won.size, np.int64)])
        paid = np.concatenate([np.zeros(book.stake.size, np.int64), book.back[won]])
        inside = at < made.hours * 3_600
        for game in np.unique(book.game).tolist():
            mine = inside & (book.game[bet] == game)
            found[house.name, ORDER[game]] = _grouped(
                at[mine] // _TEN_MINUTES, book.player[bet[mine]], staked[mine], paid[mine]
            )
    return found


def _grouped(block: Ints, player: Ints, staked: Ints, paid: Ints) -> Plays:
    key = block * (int(player.max(initial=0)) + 1) + player
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    hour = block[first] * _TEN_MINUTES // 3_600 + EPOCH
    sums = [np.bincount(place, each).astype(np.float64) for each in (staked, paid)]
    order = np.argsort(hour, kind="stable")
    return Plays(hour=hour[order], stakes=sums[0][order], payouts=sums[1][order])


def sampled(held: dict[Key, Plays], hours: range) -> dict[Key, Plays]:
    """Plays of some hours of the market."""
    wanted = np.array(hours) + EPOCH
    found = {}
    for key, each in held.items():
        mine = np.isin(each.hour, wanted)
        found[key] = Plays(
            hour=each.hour[mine], stakes=each.stakes[mine], payouts=each.payouts[mine]
        )
    return found


def played(made: gaming_market.Market) -> list[Played]:
    """Each operator's days of single stakes, counted as at night."""
    found = []
    for house, book in zip(made.houses, made.books, strict=True):
        games = {}
        for game in np.unique(book.game).tolist():
            mine = book.part(book.game == game)
            # A day's sittings are counted by themselves.
            day = mine.placed // (DAY * 3_600)
            beats = tempo.beats(
                mine.placed.astype(np.float64), mine.player, day, span=DAY * 3_600.0,
                periods=made.days,
            )  # fmt: skip
            games[ORDER[game]] = Game(
                pairs=beats.pairs, uneven=beats.uneven, cells=_cells(day, mine.stake, made.days)
            )
        found.append(
            Played(operator=house.name, currency=_CURRENCY, start=START.date(), games=games)
        )
    return found


def _cells(period: Ints, stake: Ints, periods: int) -> tuple[dict[int, int], ...]:
    values, place = np.unique(stake, return_inverse=True)
    lowest = np.array([cell(int(each)) for each in values])[place]
    return tuple(
        dict(Counter(lowest[period == each].tolist())) for each in range(periods)
    )  # fmt: skip


def staked(made: gaming_market.Market) -> list[Staked]:
    """Each operator's stakes by week and cell."""
    found = []
    for house, book in zip(made.houses, made.books, strict=True):
        weeks = made.days // 7
        cells = _cells(book.placed // (7 * DAY * 3_600), book.stake, weeks)
        first = monday(START.date())
        found.append(
            Staked(
                operator=house.name, currency=_CURRENCY,
                weeks={first + n * 7 * figures.DAY: cells[n] for n in range(weeks)},
            )
        )  # fmt: skip
    return found
