"""Games as a market plays them: what a stake brings back, and how fast and how long people play.

Returns to player, for a stake of 1 (means of the distributions, which the tests derive again):

- slots: a paytable up to ten thousand times the stake; 0.95, its deviation about 14;
- table: three in four on red (18 of 37 double), the others on one number (1 of 37 pays 36); 0.973;
- poker: pots of two to nine, a rake of 5 %; 0.95;
- sports: three outcomes a match at odds of 0.93 by their chance; everybody's bets on a match are
  decided by the same result; 0.93;
- bingo and lottery as in ``simulation.gaming``: 0.75 and 0.50.

Casino games are played in sittings at a pace: a machine's spin takes its seconds. Bets on matches
have no pace.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simulation.gaming import PAYS, RETURNS, Floats, Rng

SLOTS = (
    (0.5, 1e-1), (1.0, 1.4e-1), (2.0, 1e-1), (5.0, 3.5e-2), (10.0, 1.2e-2), (25.0, 4e-3),
    (100.0, 8e-4), (500.0, 1e-4), (2_500.0, 1e-5), (10_000.0, 1e-6),
)  # fmt: skip
"""Multiples of the stake and their chances; the last one is the jackpot."""
JACKPOT = SLOTS[-1][0]
RAKE, MARGIN = 0.05, 0.07


def _slots(rng: Rng, count: int) -> Floats:
    pays, chances = (np.array(each) for each in zip(*SLOTS, strict=True))
    edges = np.cumsum(chances)
    values = np.append(pays, 0.0)
    drawn: Floats = values[np.searchsorted(edges, rng.random(count), side="right")]
    return drawn


def _table(rng: Rng, count: int) -> Floats:
    luck = rng.random(count) * 37
    number = rng.random(count) < 0.25
    drawn: Floats = np.where(number, np.where(luck < 1, 36.0, 0.0), np.where(luck < 18, 2.0, 0.0))
    return drawn


def _poker(rng: Rng, count: int) -> Floats:
    seats = rng.integers(2, 10, count)
    drawn: Floats = np.where(rng.random(count) < 1 / seats, (1 - RAKE) * seats, 0.0)
    return drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """A game type: bets of a sitting, seconds between them (0: no pace), its usual stake's factor.

    ``pays`` draws what a stake of 1 brings back; none where matches decide.
    """

    returns: float
    bets: float
    pace: float
    stake: float
    pays: Callable[[Rng, int], Floats] | None = None


GAMES = {
    "slots": Game(returns=0.95, bets=8.0, pace=6.0, stake=0.4, pays=_slots),
    "table": Game(returns=36 / 37, bets=6.0, pace=35.0, stake=2.0, pays=_table),
    "sports": Game(returns=1 - MARGIN, bets=1.6, pace=0.0, stake=3.0),
    "poker": Game(returns=1 - RAKE, bets=7.0, pace=70.0, stake=2.0, pays=_poker),
    "bingo": Game(returns=RETURNS["bingo"], bets=3.0, pace=180.0, stake=0.5, pays=PAYS["bingo"]),
    "lottery": Game(returns=0.5, bets=1.3, pace=0.0, stake=0.6, pays=PAYS["lottery"]),
}
"""All game types; a bet's game is told as its place in this order."""
ORDER = tuple(GAMES)
