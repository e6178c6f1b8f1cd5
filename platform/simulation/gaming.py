"""A gambling market whose truth is known: what operators' players stake, win and get back.

Hours follow day and week, games pay what their rules make likely, and every record has its number
in its operator's feed. In the form `POST /api/v1/gaming/events` takes.

Payouts, for a stake of 1 (the mean is the game's return to player):

- slots: a win in four, log-normal with sigma 1.5, so that the mean is 0.94 and jackpots occur;
- table: red or black on a wheel with one zero, 18 of 37 (0.973);
- sports: odds from 1.4 to 7, fair but for a margin of 7 % (0.93);
- poker: a sixth of the pots of six, less 5 % rake (0.95);
- bingo and lottery: rare wins of 15 and 50 (0.75 and 0.50).
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

Event = dict[str, Any]
Floats = NDArray[np.float64]
Rng = np.random.Generator
_REFUNDED = 0.01
_SIGMA = 1.5


def _slots(rng: Rng, count: int) -> Floats:
    mean = 0.94 / 0.25
    won = rng.lognormal(math.log(mean) - _SIGMA**2 / 2, _SIGMA, count)
    return np.where(rng.random(count) < 0.25, won, 0.0)


def _sports(rng: Rng, count: int) -> Floats:
    odds = rng.uniform(1.4, 7.0, count)
    return np.where(rng.random(count) < 0.93 / odds, odds, 0.0)


def _fixed(chance: float, pays: float) -> Callable[[Rng, int], Floats]:
    def drawn(rng: Rng, count: int) -> Floats:
        return np.where(rng.random(count) < chance, pays, 0.0)

    return drawn


PAYS: dict[str, Callable[[Rng, int], Floats]] = {
    "slots": _slots, "table": _fixed(18 / 37, 2.0), "sports": _sports,
    "poker": _fixed(1 / 6, 5.7), "bingo": _fixed(0.05, 15.0), "lottery": _fixed(0.01, 50.0),
}  # fmt: skip
"""What a stake of 1 brings back, by game type."""
RETURNS = {
    "slots": 0.94, "table": 36 / 37, "sports": 0.93, "poker": 0.95, "bingo": 0.75, "lottery": 0.5,
}  # fmt: skip
"""The mean of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """An operator: how many bets an hour its games have on average, and how many people play."""

    name: str
    games: dict[str, float] = field(default_factory=lambda: {"slots": 20.0, "table": 6.0})
    players: int = 200
    stake: float = 5.0
    currency: str = "EUR"


def season(moment: datetime) -> float:
    """How busy an hour is: 1 on average; most at eight in the evening, a quarter more at weekends.

    The week's factors are 1.25 on two days and 0.9 on five.
    """
    daily = 1.0 + 0.6 * math.cos(2 * math.pi * (moment.hour - 20) / 24)
    return daily * (1.25 if moment.weekday() >= 5 else 0.9)


def records(operator: Operator, *, seed: int, start: date, hours: int) -> Iterator[Event]:
    """The operator's records in the order of time, numbered from 1; the same for the same seed."""
    rng = np.random.default_rng([seed, *operator.name.encode()])
    midnight = datetime.combine(start, time(), tzinfo=UTC)
    number = 0
    for hour in range(hours):
        moment = midnight + timedelta(hours=hour)
        made: list[tuple[float, Event]] = []
        for game, per_hour in operator.games.items():
            made += _hour(operator, game, per_hour * season(moment), rng)
        for seconds, event in sorted(made, key=lambda pair: pair[0]):
            number += 1
            yield {
                **event, "id": f"{operator.name}-{seed}-{number}", "sequence": number,
                "occurred_at": (moment + timedelta(seconds=seconds)).isoformat(),
            }  # fmt: skip


def _hour(
    operator: Operator, game: str, expected: float, rng: Rng
) -> Iterator[tuple[float, Event]]:
    """The bets of an hour with what came of each, within the hour."""
    count = int(rng.poisson(expected))
    seconds = rng.uniform(0, 3_540, count)
    stakes = np.maximum(np.round(100 * operator.stake * rng.lognormal(-0.5, 1.0, count)), 1)
    won = np.round(stakes * PAYS[game](rng, count))
    refunded = rng.random(count) < _REFUNDED
    who = np.minimum(rng.zipf(1.6, count), operator.players)
    for at, stake, payout, refund, player in zip(
        seconds.tolist(), stakes.tolist(), won.tolist(), refunded.tolist(), who.tolist(),
        strict=True,
    ):  # fmt: skip
        common = {
            "currency": operator.currency, "game_type": game, "player": f"p-{player}",
        }  # fmt: skip
        yield at, {**common, "type": "stake", "amount": int(stake)}
        if refund:
            yield at + 30, {**common, "type": "refund", "amount": int(stake)}
        elif payout:
            yield at + 30, {**common, "type": "payout", "amount": int(payout)}
