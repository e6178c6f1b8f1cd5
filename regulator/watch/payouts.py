"""Payouts of an hour against what the game made likely before. Pure.

A feed does not say which stake a payout is of, so what is judged is a player's stakes and payouts
of one game in ten minutes, as if they were one bet: what was paid without a stake in these minutes
is left out, and a game whose bets are settled much later is not judged by this.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from regulator.detectors import payout
from regulator.detectors.anomaly import Anomaly, Floats, Ints, Kind
from regulator.detectors.payout import Game
from regulator.money import said
from regulator.watch.market import HOUR
from regulator.watch.sensitivity import Levels, Strictness
from regulator.watch.sighting import Sighting, plain

Key = tuple[str, str]
"""An operator and a game type."""
_PAIRED = 0.5
"""Share of a game's payouts that must have a stake in their minutes for it to be judged at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plays:
    """What players of one operator and game staked and won: one row each ten minutes and player.

    ``hour`` counts from the epoch.
    """

    hour: Ints
    stakes: Floats
    payouts: Floats


def learn(plays: Mapping[Key, Plays]) -> dict[Key, Game]:
    """Each game as its past shows it; those that can't be judged are left out."""
    found = {}
    for key, each in plays.items():
        paid = float(each.payouts.sum())
        if paid and float(each.payouts[each.stakes > 0].sum()) / paid >= _PAIRED:
            game = payout.learn(each.stakes, each.payouts, each.hour)
            if game is not None:
                found[key] = game
    return found


def spikes(
    games: Mapping[Key, Game], plays: Mapping[Key, Plays], levels: Levels, *,
    currencies: Mapping[str, str],
) -> list[Sighting]:  # fmt: skip
    """Hours that paid more than their game makes likely."""
    found: list[Sighting] = []
    operators = len({name for name, _ in games})
    for (operator, game), each in plays.items():
        known = games.get((operator, game))
        if known is None:
            continue
        level = levels.of(operator, Kind.PAYOUT_SPIKE)
        size = Strictness(level, operators).size(payout.SIZE)
        for hour in np.unique(each.hour):
            told = _spike(known, each, int(hour), size)
            found += [_sighting(operator, game, told, currencies[operator])] if told else []
    return found


def _spike(known: Game, each: Plays, hour: int, size: float) -> Anomaly | None:
    mine = each.hour == hour
    return payout.spike(known, each.stakes[mine], each.payouts[mine], size=size, position=hour)


def _sighting(operator: str, game: str, told: Anomaly, unit: str) -> Sighting:
    started = datetime.fromtimestamp(told.started * 3_600, UTC)
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
        operator=operator, kind=Kind.PAYOUT_SPIKE, started_at=started, ended_at=started + HOUR,
        weight=told.severity, score=told.score,
        evidence={"game_type": game, **plain(evidence)}, explanation=f"On {game}: {words}",
    )  # fmt: skip


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
