"""Payouts of hours against what the game made likely before. Pure.

A feed does not say which stake a payout is of, so what is judged is a player's stakes and payouts
of one game in ten minutes, as if they were one bet: what was paid without a stake in these minutes
is left out, and a game whose bets are settled much later is judged beside the other operators
(``watch.beside``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from regulator.detectors import payout
from regulator.detectors.anomaly import Anomaly, Floats, Ints, Kind
from regulator.detectors.payout import Game
from regulator.money import said
from regulator.watch.sensitivity import Levels, Strictness
from regulator.watch.sighting import Sighting, plain

Key = tuple[str, str]
"""An operator and a game type."""
BACK = max(payout.SPANS) - 1
"""Hours before the first one judged that are looked at together with it."""
MOST = 5_000_000
"""Records that are learned from at most, as long as an hour in 97 is not more."""
_STEPS = (1, 5, 7, 11, 13, 17, 23, 31, 47, 61, 97)
_PAIRED = 0.5
"""Share of a game's payouts that must have a stake in their minutes to be judged by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plays:
    """What players of one operator and game staked and won: one row each ten minutes and player.

    ``hour`` counts from the epoch.
    """

    hour: Ints
    stakes: Floats
    payouts: Floats


def every(records: int) -> int:
    """Of how many hours one is learned from, where all of them hold so many records.

    A step that no day is a multiple of: all hours of the day have their turn.
    """
    return next((step for step in _STEPS if records <= step * MOST), _STEPS[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Games as their past shows them; ``late`` are those whose bets are settled much later."""

    games: Mapping[Key, Game]
    late: frozenset[Key]


def learn(plays: Mapping[Key, Plays]) -> Learned:
    """Each game as its past shows it; those that paid nothing, or too little, are in neither."""
    games, late = {}, set()
    for key, each in plays.items():
        paid = float(each.payouts.sum())
        if paid and float(each.payouts[each.stakes > 0].sum()) / paid < _PAIRED:
            late.add(key)
        elif paid:
            game = payout.learn(each.stakes, each.payouts, each.hour)
            if game is not None:
                games[key] = game
    return Learned(games=games, late=frozenset(late))


def spikes(
    games: Mapping[Key, Game], plays: Mapping[Key, Plays], levels: Levels, *,
    currencies: Mapping[str, str], first: int,
) -> list[Sighting]:  # fmt: skip
    """Hours from ``first`` on, since the epoch, that paid more than their game makes likely.

    Hours before it are looked at together with those after.
    """
    found: list[Sighting] = []
    operators = len({name for name, _ in games})
    for (operator, game), each in plays.items():
        known = games.get((operator, game))
        if known is None or not each.hour.size:
            continue
        level = levels.of(operator, Kind.PAYOUT_SPIKE)
        size = Strictness(level, operators).size(payout.SIZE)
        base = int(each.hour.min())
        told = payout.spikes(
            known, each.stakes, each.payouts, each.hour - base, size=size, first=first - base
        )
        found += [_sighting(operator, game, one, base, currencies[operator]) for one in told]
    return found


def _sighting(operator: str, game: str, told: Anomaly, base: int, unit: str) -> Sighting:
    started, ended = (
        datetime.fromtimestamp((base + hour) * 3_600, UTC)
        for hour in (told.started, told.ended + 1)
    )
    evidence = told.evidence
    words = told.explanation
    if evidence["paid_cut"] > evidence["expected"] and "Wins counted" in words:
        words = (
            f"Wins counted up to {evidence['cap']:,.1f} times their stake,"
            f" {said(round(evidence['paid_cut']), unit)} were paid where the game makes"
            f" {said(round(evidence['expected']), unit)} likely: the chance of that is"
            f" {evidence['chance']:.1g}."
        )
    return Sighting(
        operator=operator, kind=Kind.PAYOUT_SPIKE, started_at=started, ended_at=ended,
        weight=told.severity, score=told.score,
        evidence={"game_type": game, **plain(evidence)}, explanation=f"On {game}: {words}",
    )  # fmt: skip


def until(plays: Plays, hour: int) -> Plays:
    """Those before an hour, counted from the epoch."""
    early = plays.hour < hour
    return Plays(hour=plays.hour[early], stakes=plays.stakes[early], payouts=plays.payouts[early])


def gathered(rows: Sequence[tuple[str, str, int, int, int]]) -> dict[Key, Plays]:
    """Rows (operator, game, hour, staked, paid) by operator and game."""
    places: dict[Key, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault((row[0], row[1]), []).append(place)
    table = np.array([row[2:] for row in rows], dtype=np.float64).reshape(len(rows), 3)
    return {
        key: Plays(hour=table[at, 0].astype(np.int64), stakes=table[at, 1], payouts=table[at, 2])
        for key, at in places.items()
    }
