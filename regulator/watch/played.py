"""Days of single stakes: a pace that misses beats, high stakes that stop coming. Pure.

Each operator against its own first days, so that neither a market nor a return is needed; what
``watch.counting`` counted of each day is all that is looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import numpy as np

from regulator.detectors import tempo, thinning
from regulator.detectors.anomaly import Anomaly, Floats, Kind
from regulator.money import said
from regulator.watch.market import DAY
from regulator.watch.sensitivity import Levels, Strictness
from regulator.watch.sighting import Sighting, plain

LEARNED = 21
"""Days that are taken for honest at the beginning of a span."""
_HIGH = 0.01
"""The share of the learned days' stakes that is called high, at most."""
Cells = Mapping[int, int]
"""How many stakes lie in each cell, named by its lowest amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """One game's days in a row: pairs of gaps, the uneven among them, stakes by cell."""

    pairs: Floats
    uneven: Floats
    cells: tuple[Cells, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """An operator's days from ``start`` on, by game; all games have as many."""

    operator: str
    currency: str
    start: date
    games: Mapping[str, Game]


def short(
    operators: Sequence[Played], levels: Levels, *, among: int, learned: int = LEARNED
) -> list[Sighting]:
    """Operators whose days lost beats or high stakes that their first ones had.

    ``among`` is how many operators the market has, whose false alarms are shared.
    """
    found: list[Sighting] = []
    for each in [each for each in operators if each.games]:
        pace = Strictness(levels.of(each.operator, Kind.THINNING), among)
        high = Strictness(levels.of(each.operator, Kind.MISSING_HIGH_STAKES), among)
        told = _beats(each, learned, pace.rate(tempo.PER_YEAR))
        found += [told] if told else []
        found += _high(each, learned, high.rate(thinning.PER_YEAR) / len(each.games))
    return found


def _beats(each: Played, learned: int, per_year: float) -> Sighting | None:
    beats = tempo.Beats(
        pairs=np.sum([game.pairs for game in each.games.values()], axis=0),
        uneven=np.sum([game.uneven for game in each.games.values()], axis=0),
    )
    told = tempo.anomaly(beats, learned=learned, per_year=per_year)
    return _sighting(each, told, told.explanation, {}) if told else None


def _high(each: Played, learned: int, per_year: float) -> list[Sighting]:
    found = []
    for name, game in sorted(each.games.items()):
        least = threshold(game.cells[:learned])
        if least is None:
            continue
        high, stakes = above(game.cells, least), above(game.cells, 0)
        told = thinning.high_days(high, stakes, learned=learned, per_year=per_year)
        if told:
            words = (
                f"On {name}, {told.evidence['share']:.2%} of stakes are of"
                f" {said(least, each.currency)} or more, where {told.evidence['usual']:.2%} are"
                f" usual of this operator: {told.evidence['missing']:.0%} of them are missing."
            )
            found.append(_sighting(each, told, words, {"game_type": name, "threshold": least}))
    return found


def threshold(days: Sequence[Cells]) -> int | None:
    """The amount from which on stakes are among the highest hundredth; None where none is."""
    counts: dict[int, int] = {}
    for cells in days:
        for lowest, count in cells.items():
            counts[lowest] = counts.get(lowest, 0) + count
    left, least = _HIGH * sum(counts.values()), None
    for lowest in sorted(counts, reverse=True):
        left -= counts[lowest]
        if left < 0:
            break
        least = lowest
    return least


def above(days: Sequence[Cells], least: int) -> Floats:
    """How many stakes of each day are of ``least`` or more."""
    return np.array(
        [sum(count for lowest, count in cells.items() if lowest >= least) for cells in days],
        dtype=np.float64,
    )


def _sighting(each: Played, told: Anomaly, words: str, more: Mapping[str, object]) -> Sighting:
    start = datetime.combine(each.start, time(), UTC)
    return Sighting(
        operator=each.operator, kind=told.kind, started_at=start + told.started * DAY,
        ended_at=start + (told.ended + 1) * DAY, weight=told.severity, score=told.score,
        evidence=plain({**more, **told.evidence}), explanation=words,
    )  # fmt: skip
