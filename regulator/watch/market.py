"""What the watch looks at: all operators' figures in equal steps of time. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

import numpy as np

from regulator.detectors.anomaly import Flags, Floats, Ints

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
FIGURES = ("stakes", "payouts", "refunds", "events")
_PART = 1 / 3
"""How much of a step must be quiet for it to say nothing."""
_PLAYED = 0.5
"""The share of a usual step's stakes from which on a quiet one was none."""
_STAKES, _PAYOUTS, _EVENTS = 0, 1, 3


class Row(NamedTuple):
    """A total of all games (``game`` is ``""``) or of one; amounts in smallest units."""

    operator: str
    start: datetime
    stakes: int
    payouts: int
    refunds: int
    events: int
    game: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Totals:
    """Totals as columns, of any order: the places of operator, game and step, and ``figures``.

    ``figures`` [4, n] are those of ``FIGURES``; the game at place 0 is all of them together.
    """

    operators: tuple[str, ...]
    games: tuple[str, ...]
    operator: Ints
    game: Ints
    step: Ints
    figures: Floats

    def of(self, game: int, size: int) -> Floats:
        """Figures [4, steps, operators] of the game at a place; those beyond ``size`` left out."""
        mine = (self.game == game) & (self.step >= 0) & (self.step < size)
        width = len(self.operators)
        cell = self.step[mine] * width + self.operator[mine]
        sums = [np.bincount(cell, each[mine], minlength=size * width) for each in self.figures]
        # Of nothing, whole numbers are counted.
        found: Floats = np.array(sums, dtype=np.float64).reshape(len(FIGURES), size, width)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Steps (rows) by operators (columns); NaN where an operator can't be judged.

    Before its first record, after its licence, in stretches it declared without play, and where
    what happened may still be on its way. ``games`` and ``staked`` are events and stakes by game,
    one array each, where more than one is played: a match day moves the bets on sports alone.
    ``named`` are the games in this order, also of one alone, ``paid`` what was paid out on each.
    """

    operators: tuple[str, ...]
    currencies: tuple[str, ...]
    start: datetime
    step: timedelta
    stakes: Floats
    payouts: Floats
    refunds: Floats
    events: Floats
    games: tuple[Floats, ...] = ()
    staked: tuple[Floats, ...] = ()
    named: tuple[str, ...] = ()
    paid: tuple[Floats, ...] = ()

    @property
    def size(self) -> int:
        """How many steps there are."""
        return int(self.events.shape[0])

    def at(self, position: int) -> datetime:
        """When a step begins."""
        return self.start + position * self.step

    def place(self, moment: datetime) -> int:
        """The step that a moment lies in; below 0 or beyond the last where it lies outside."""
        return (moment - self.start) // self.step


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """From when until when an operator's figures are whole, and where it said: nothing was played.

    ``since`` is ``None`` before its first record.
    """

    currency: str
    since: datetime | None
    until: datetime
    quiet: tuple[tuple[datetime, datetime], ...] = ()


def build(
    rows: Iterable[Row], known: Mapping[str, Known], *, start: datetime, end: datetime,
    step: timedelta,
) -> Market:  # fmt: skip
    """The market of these rows; see ``assemble``."""
    operators = tuple(sorted(known))
    told = [row for row in rows if row.operator in known]
    games = ("", *sorted({row.game for row in told} - {""}))
    places = [{name: place for place, name in enumerate(of)} for of in (operators, games)]
    keys = [
        (places[0][row.operator], places[1][row.game], (row.start - start) // step) for row in told
    ]
    values = [(row.stakes, row.payouts, row.refunds, row.events) for row in told]
    columns = np.array(keys, dtype=np.int64).reshape(len(told), 3).T
    found = Totals(
        operators=operators, games=games, operator=columns[0], game=columns[1], step=columns[2],
        figures=np.array(values, dtype=np.float64).reshape(len(told), len(FIGURES)).T,
    )  # fmt: skip
    return assemble(found, known, start=start, end=end, step=step)


def assemble(
    found: Totals, known: Mapping[str, Known], *, start: datetime, end: datetime, step: timedelta
) -> Market:
    """The market from ``start`` until before ``end``: no total is no play, where all is known."""
    size = max((end - start) // step, 0)
    held = dict(zip(FIGURES, found.of(0, size), strict=True))
    inside = (found.step >= 0) & (found.step < size)
    played = [place for place in np.unique(found.game[inside]).tolist() if place]
    by_game = [found.of(place, size) for place in played]
    out = _out(held["stakes"], [known[name] for name in found.operators], start, step)
    for values in (*held.values(), *(each for figures in by_game for each in figures)):
        values[out] = np.nan
    told_apart = by_game if len(by_game) > 1 else []
    return Market(
        operators=found.operators, start=start, step=step,
        currencies=tuple(known[name].currency for name in found.operators),
        games=tuple(each[_EVENTS] for each in told_apart),
        staked=tuple(each[_STAKES] for each in told_apart),
        named=tuple(found.games[place] for place in played),
        paid=tuple(each[_PAYOUTS] for each in by_game), **held,
    )  # fmt: skip


def _out(
    staked: Floats, known: Sequence[Known], start: datetime, step: timedelta
) -> np.typing.NDArray[np.bool_]:
    """Steps that say nothing about an operator.

    In declared quiet nothing is staked; what was staked before may still be settled.
    """
    found = np.zeros(staked.shape, dtype=bool)
    for place, each in enumerate(known):
        if each.since is None:
            found[:, place] = True
            continue
        # Only whole steps count: the one of the first record may have begun before it.
        found[: max(-((start - each.since) // step), 0), place] = True
        found[max((each.until - start) // step, 0) :, place] = True
        for low, high in each.quiet:
            found[:, place] |= _quiet(staked[:, place], (low - start) / step, (high - start) / step)
    return found


def _quiet(staked: Floats, low: float, high: float) -> Flags:
    """Steps of which a third or more were declared to be quiet, from ``low`` until ``high``.

    Sittings that had begun are played to their end. A step that was quiet as a whole and in which
    half of the usual was staked contradicts what was declared, and is judged.
    """
    steps = np.arange(staked.size)
    covered = np.clip(np.minimum(steps + 1, high) - np.maximum(steps, low), 0.0, 1.0)
    usual = float(np.median(staked[staked > 0])) if staked.any() else 0.0
    found: Flags = (covered >= _PART) & ~((covered == 1.0) & (staked > _PLAYED * usual))
    return found


def known_until(
    *, heard: datetime, interval: timedelta, now: datetime, until: datetime | None = None
) -> datetime:
    """Until when an operator's figures are whole: its newest play, or now where nothing will come.

    ``heard`` is the time of the newest play or word that there was none; ``interval`` is its usual
    time between batches. What is twice as late is no longer on its way. ``until``: its licence.
    """
    whole = heard if now - heard < 2 * interval else now
    return min(whole, until) if until else whole


def midnight(moment: datetime) -> datetime:
    """The beginning of a moment's day (UTC)."""
    return datetime.combine(moment.astimezone(UTC).date(), time(), UTC)


def quarter_before(today: datetime) -> datetime:
    """The first day of the quarter before the one of ``today``: three to six months ago."""
    quarter = today.year * 4 + (today.month - 1) // 3 - 1
    return today.replace(year=quarter // 4, month=quarter % 4 * 3 + 1, day=1)
