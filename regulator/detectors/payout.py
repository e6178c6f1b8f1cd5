"""Payouts against what the game itself makes likely, so that a jackpot is not a fraud.

Learned per game type: how many times its stake a bet pays back, from past bets, as a distribution.
Wins are cut at a cap: the multiple that one bet in twenty, in a hundred, in a thousand exceeds. Low
caps show many bets that pay somewhat too much, which a few large wins would hide. For an hour with
stakes s the chance of paying at least what was paid, cut in this way, is the tail of sum(s X), by
the saddle-point approximation of Lugannani & Rice (Adv. Appl. Probab. 1980), which holds far out in
the tail. Bets are not independent (one match decides many), so that the excess is divided by the
root of how much more earlier hours varied than independent bets would. Wins above the highest cap
are counted instead: one jackpot is a matter of chance, ten in an hour are not (Poisson).

The last hour, three, six and twelve hours are judged together: what is too little for one hour adds
up, and a machine that pays too much seldom does so for one hour only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log, sqrt

import numpy as np
from scipy import optimize, stats

from regulator.detectors.anomaly import Anomaly, Floats, Ints, Kind, scanned, severity

LEAST = 5_000
"""Bets of a game type that are learned from before its payouts are judged."""
LEAST_BETS = 20
LEAST_HOURS = 24
SIZE = 1e-5
SPANS = (1, 3, 6, 12)
"""Hours that are judged together."""
QUIET = 12
_LOOK = 3.0
"""Deviations from which on an hour is looked at closely: below it is no rarer than one in 500."""
ABOVE = (0.05, 0.01, 0.001)
"""Shares of bets that win more than the caps."""
_ATOMS, _LEVELS = 200, 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Cut:
    """What a bet pays, wins cut at a cap: multiples of its stake and their chances."""

    cap: float
    multiples: Floats
    chances: Floats
    dispersion: float = 1.0
    """How much more hours vary than independent bets would, at least 1."""

    def moments(self) -> tuple[float, float]:
        """Mean and variance of one bet's multiple."""
        mean = float(self.multiples @ self.chances)
        return mean, float((self.multiples - mean) ** 2 @ self.chances)


@dataclass(frozen=True, kw_only=True, slots=True)
class Game:
    """A game type as its past bets show it."""

    cuts: tuple[Cut, ...]
    big: float
    """Chance of a win above the highest cap."""
    bets: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """One hour at the cap that shows most, its big wins, and the chances of both."""

    cap: float
    seen: float
    expected: float
    chance: float
    big: int
    big_expected: float
    big_chance: float
    tried: int

    @property
    def least(self) -> float:
        """The chance of the hour: the smallest found, times how many were tried (Bonferroni)."""
        return min(1.0, self.tried * min(self.chance, self.big_chance))


def learn(stakes: Floats, payouts: Floats, hours: Ints) -> Game | None:
    """A game type from its past bets; None where there are too few of them."""
    used = stakes > 0
    stakes, hours, paid = stakes[used], hours[used], payouts[used] / stakes[used]
    if stakes.size < LEAST:
        return None
    caps = sorted({max(float(np.quantile(paid, 1 - each, method="higher")), 1.0) for each in ABOVE})
    big = max(float((paid > caps[-1]).mean()), 1.0 / stakes.size)
    cuts = tuple(_cut(cap, stakes, paid, hours) for cap in caps)
    return Game(cuts=cuts, big=big, bets=stakes.size)


def _cut(cap: float, stakes: Floats, paid: Floats, hours: Ints) -> Cut:
    paid = np.minimum(paid, cap)
    multiples, chances = _atoms(paid)
    alone = Cut(cap=cap, multiples=multiples, chances=chances)
    return replace(alone, dispersion=_dispersion(alone, stakes, paid * stakes, hours))


def _atoms(paid: Floats) -> tuple[Floats, Floats]:
    """At most 200 multiples that stand for all, with the mean of each group and its share."""
    values, counts = np.unique(paid, return_counts=True)
    if values.size > _ATOMS:
        edges = np.unique(np.concatenate([[0.0], np.geomspace(1e-3, values[-1], _ATOMS)]))
        group = np.digitize(values, edges[1:], right=True)
        shares = np.bincount(group, weights=counts)
        values = np.bincount(group, weights=counts * values)[shares > 0] / shares[shares > 0]
        counts = shares[shares > 0]
    return values.astype(np.float64), counts / counts.sum()


def _dispersion(cut: Cut, stakes: Floats, paid: Floats, hours: Ints) -> float:
    """The robust mean of squared standardised hours, at least 1; 1 where there are few hours."""
    place = np.unique(hours, return_inverse=True)[1]
    mean, variance = cut.moments()
    total = np.bincount(place, weights=stakes)
    error = np.bincount(place, weights=paid) - mean * total
    scale = np.sqrt(variance * np.bincount(place, weights=stakes**2))
    enough = (np.bincount(place) >= LEAST_BETS) & (scale > 0)
    if enough.sum() < LEAST_HOURS:
        return 1.0
    return max(1.0, float(1.4826 * np.median(np.abs(error[enough] / scale[enough]))) ** 2)


def judge(game: Game, stakes: Floats, payouts: Floats) -> Judged | None:
    """One hour's bets of a game type; None where they are too few."""
    used = stakes > 0
    stakes, payouts = stakes[used], payouts[used]
    if stakes.size < LEAST_BETS:
        return None
    chance, seen, due, cap = min(_at(cut, stakes, payouts) for cut in game.cuts)
    big = int((payouts > game.cuts[-1].cap * stakes).sum())
    big_due = game.big * stakes.size
    return Judged(
        cap=cap, seen=seen, expected=due, chance=chance, big=big, big_expected=big_due,
        big_chance=float(stats.poisson.sf(big - 1, big_due)), tried=len(game.cuts) + 1,
    )  # fmt: skip


def _at(cut: Cut, stakes: Floats, payouts: Floats) -> tuple[float, float, float, float]:
    """The chance of an hour's payout at one cap, what it was, what was expected, and the cap."""
    seen = float(np.minimum(payouts, cut.cap * stakes).sum())
    due = cut.moments()[0] * float(stakes.sum())
    excess = max(seen - due, 0.0) / sqrt(cut.dispersion)
    return tail(cut, stakes, due + excess), seen, due, cut.cap


def tail(cut: Cut, stakes: Floats, paid: float) -> float:
    """The chance that bets of these stakes pay at least so much, wins cut at the cap."""
    levels, counts = _grouped(stakes)
    reach = float(levels @ counts) * cut.multiples[-1]
    mean, variance = cut.moments()
    due, scale = mean * float(levels @ counts), sqrt(variance * float(levels**2 @ counts))
    if scale == 0.0 or paid <= due + 0.05 * scale:
        return 0.5 if paid > due - scale else 1.0
    paid = min(paid, reach * (1 - 1e-9))
    high = 1.0 / scale
    while _cumulant(cut, levels, counts, high)[1] < paid and high < 1e6 / scale:
        high *= 2.0
    if _cumulant(cut, levels, counts, high)[1] < paid:
        return 0.0
    point = optimize.brentq(
        lambda t: _cumulant(cut, levels, counts, t)[1] - paid, 0.0, high, xtol=1e-12 / scale
    )
    value, _, curve = _cumulant(cut, levels, counts, point)
    root, width = sqrt(max(2.0 * (point * paid - value), 1e-12)), point * sqrt(curve)
    chance = stats.norm.sf(root) + stats.norm.pdf(root) * (1.0 / width - 1.0 / root)
    return float(min(max(chance, 0.0), 1.0))


def _grouped(stakes: Floats) -> tuple[Floats, Floats]:
    """At most 40 stakes that stand for all, with how many bets each stands for."""
    levels, counts = np.unique(stakes, return_counts=True)
    if levels.size > _LEVELS:
        edges = np.geomspace(levels[0], levels[-1], _LEVELS)
        group = np.digitize(levels, edges[1:-1])
        number = np.bincount(group, weights=counts)
        kept = number > 0
        squares = np.bincount(group, weights=counts * levels**2)[kept] / number[kept]
        return np.sqrt(squares), number[kept].astype(np.float64)
    return levels.astype(np.float64), counts.astype(np.float64)


def _cumulant(cut: Cut, levels: Floats, counts: Floats, at: float) -> tuple[float, float, float]:
    """The cumulant generating function of the hour's payout and its two derivatives."""
    power = at * np.outer(levels, cut.multiples)
    top = power.max(axis=1, keepdims=True)
    weights = cut.chances * np.exp(power - top)
    total = weights.sum(axis=1)
    weights = weights / total[:, None]
    mean = weights @ cut.multiples
    second = weights @ cut.multiples**2
    value = counts @ (np.log(total) + top[:, 0])
    return (
        float(value), float(counts @ (levels * mean)),
        float(counts @ (levels**2 * np.maximum(second - mean**2, 1e-300))),
    )  # fmt: skip


def spike(
    game: Game, stakes: Floats, payouts: Floats, *, size: float = SIZE, position: int = 0
) -> Anomaly | None:
    """A finding where an hour paid out more than the game makes likely."""
    found = judge(game, stakes, payouts)
    if found is None or found.least >= size:
        return None
    score, bound = -log(max(found.least, 1e-300)), -log(size)
    many = found.chance <= found.big_chance
    return Anomaly(
        kind=Kind.PAYOUT_SPIKE, started=position, ended=position, score=score,
        severity=severity(score, bound),
        evidence={
            "paid": float(payouts.sum()), "cap": found.cap, "paid_cut": found.seen,
            "expected": found.expected,
            "chance": found.least, "big_wins": found.big, "big_expected": found.big_expected,
        },
        explanation=(
            f"Wins counted up to {found.cap:,.1f} times their stake, {found.seen:,.0f} were paid "
            f"where the game makes {found.expected:,.0f} likely: the chance of that is "
            f"{found.least:.1g}."
            if many else
            f"{found.big} wins of more than {game.cuts[-1].cap:,.0f} times their stake, where "
            f"{found.big_expected:.1f} are likely: the chance of that is {found.least:.1g}."
        ),
    )  # fmt: skip


def spikes(
    game: Game, stakes: Floats, payouts: Floats, hours: Ints, *, size: float = SIZE, first: int = 0,
    spans: Sequence[int] = SPANS,
) -> list[Anomaly]:  # fmt: skip
    """Of one operator's bets on a game the hours that paid out too much, a stretch told once.

    ``hours`` is the hour each bet was settled in; those from ``first`` on are told of, looked at
    alone and together with those before, each at its share of ``size`` (Bonferroni).
    """
    used = np.flatnonzero(stakes > 0)
    used = used[np.argsort(hours[used], kind="stable")]
    stakes, payouts, hours = stakes[used], payouts[used], hours[used]
    if stakes.size == 0:
        return []
    last = int(hours[-1])
    edge = np.searchsorted(hours, np.arange(last + 2))
    found: list[Anomaly] = []
    for span in spans:
        low = edge[np.maximum(np.arange(last + 1) - span + 1, 0)]
        for hour in _striking(game, stakes, payouts, low, edge[1:], size / len(spans)):
            part = slice(low[hour], edge[hour + 1])
            told = spike(game, stakes[part], payouts[part], size=size / len(spans), position=hour)
            if told is not None:
                found.append(replace(told, started=max(hour - span + 1, 0)))
    return scanned(found, first=first, quiet=QUIET)


def _striking(
    game: Game, stakes: Floats, payouts: Floats, low: Ints, high: Ints, size: float
) -> list[int]:
    """The hours whose spans of bets, from ``low`` to before ``high``, are worth a close look."""

    def sums(values: Floats) -> Floats:
        run = np.concatenate([[0.0], np.cumsum(values)])
        found: Floats = run[high] - run[low]
        return found

    staked, squares = sums(stakes), np.sqrt(sums(stakes**2))
    most = np.zeros(low.size)
    for cut in game.cuts:
        mean, variance = cut.moments()
        over = sums(np.minimum(payouts, cut.cap * stakes)) - mean * staked
        scale = sqrt(max(variance * cut.dispersion, 1e-12)) * squares
        most = np.maximum(most, np.divide(over, scale, out=np.zeros(low.size), where=scale > 0))
    big = sums((payouts > game.cuts[-1].cap * stakes).astype(np.float64))
    many = stats.poisson.sf(big - 1, game.big * (high - low)) < size
    enough = high - low >= LEAST_BETS
    return np.flatnonzero(enough & ((most > _LOOK) | many)).tolist()
