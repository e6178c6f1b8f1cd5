"""Payouts of games that are settled much later, beside what other operators paid. Pure.

Which stake a payout is of a feed does not say. Where most payouts have none within ten minutes,
what an operator paid in some hours is held against what the same hours cost the others of the game
(``detectors.results``), each by what it took in them: matches are the same for all.
"""

from collections.abc import Collection

import numpy as np

from regulator.detectors import results
from regulator.detectors.anomaly import Anomaly, Floats, Kind
from regulator.money import said
from regulator.watch.market import DAY, HOUR, Market, midnight
from regulator.watch.payouts import Key
from regulator.watch.sensitivity import Levels, Strictness
from regulator.watch.sighting import Sighting, plain

OPEN = 14
"""Hours within which a bet is settled: most are placed within twelve before a match of two."""


def spikes(market: Market, late: Collection[Key], levels: Levels, *, since: int) -> list[Sighting]:
    """Hours from step ``since`` on in which a game cost one operator more than the others.

    ``late`` are the operators and games that are judged so. A day is held against the weeks before
    it, whenever it is looked at.
    """
    found: list[Sighting] = []
    days = sorted({max(market.place(midnight(market.at(n))), 0) for n in range(since, market.size)})
    for name in market.named:
        wanted = [place for place, who in enumerate(market.operators) if (who, name) in late]
        figures = _figures(market, name)
        for day in days if wanted else []:
            part = tuple(each[: day + DAY // HOUR] for each in figures)
            for place in wanted:
                told = _told(part, place, day, levels, market.operators)
                found += [
                    _sighting(market, place, name, each) for each in told if each.ended >= since
                ]
    return found


def _figures(market: Market, name: str) -> tuple[Floats, Floats, Floats]:
    """Payouts, stakes and records of a game by step and operator; none where nothing is known."""
    at = market.named.index(name)
    staked = market.staked[at] if market.staked else market.stakes
    events = market.games[at] if market.games else market.events
    return np.nan_to_num(market.paid[at]), _settled(staked), _settled(events)


def _settled(placed: Floats) -> Floats:
    """What may have been settled in each hour of what was placed in the last ``OPEN`` ones."""
    sums = np.vstack([np.zeros((OPEN, placed.shape[1])), np.nan_to_num(placed)]).cumsum(axis=0)
    found: Floats = (sums[OPEN:] - sums[:-OPEN]) / OPEN
    return found


def _told(
    figures: tuple[Floats, ...], place: int, first: int, levels: Levels, names: tuple[str, ...]
) -> list[Anomaly]:
    strictness = Strictness(levels.of(names[place], Kind.PAYOUT_SPIKE), len(names))
    paid, staked, events = figures
    return results.spikes(
        paid, staked, events, place, first=first, limit=strictness.deviations(results.LIMIT)
    )


def _sighting(market: Market, place: int, game: str, told: Anomaly) -> Sighting:
    unit, evidence = market.currencies[place], told.evidence
    return Sighting(
        operator=market.operators[place], kind=Kind.PAYOUT_SPIKE,
        started_at=market.at(told.started), ended_at=market.at(told.ended + 1),
        weight=told.severity, score=told.score, evidence={"game_type": game, **plain(evidence)},
        explanation=f"On {game}: {said(round(evidence['paid']), unit)} were paid in"
        f" {evidence['hours']} hours, where what the same hours cost the other operators makes"
        f" {said(round(evidence['expected']), unit)} likely.",
    )  # fmt: skip
