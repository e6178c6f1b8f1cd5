"""The watchers of figures in steps of time: a detector, what it looks at, and how strictly. Pure.

One line adds another: ``stepwise`` makes a watcher of any function that takes an array of steps by
operators and returns a list of ``Anomaly`` for each operator.

Payouts have no baseline of their own: an hour with a jackpot is far from every median and nothing
is wrong with it. They are watched by what the game makes likely (``watch.payouts``).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from regulator.detectors import baseline, drop, thinning
from regulator.detectors.anomaly import Anomaly, Flags, Floats, Kind
from regulator.watch.market import DAY, HOUR, Market
from regulator.watch.sensitivity import Levels, Strictness
from regulator.watch.sighting import Sighting, plain
from regulator.watch.words import worded

Judge = Callable[[Market, Strictness], list[list[Anomaly]]]
PER_YEAR = thinning.PER_YEAR
"""Of thinning, a year, by its name; honest simulated operators had thrice as many."""
LEARNED = 21
"""Days that thinning takes for honest at the beginning of its span."""
_COUNTED = 30.0
"""Expected records of an hour below which its money says nothing that their number does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """``judge`` tells for each operator what is unusual; positions are steps of the market."""

    name: str
    kinds: frozenset[Kind]
    judge: Judge


def stepwise(
    name: str, kinds: frozenset[Kind], function: Callable[[Floats], list[list[Anomaly]]], *,
    figure: str = "events",
) -> Watcher:  # fmt: skip
    """A watcher of one figure by a function of its array alone; it has no level of its own."""

    def judge(market: Market, strictness: Strictness) -> list[list[Anomaly]]:
        return _of(figure, function(getattr(market, figure)))

    return Watcher(name=name, kinds=kinds, judge=judge)


def _drop(market: Market, strictness: Strictness) -> list[list[Anomaly]]:
    size = strictness.size(drop.SIZE)
    return _of("events", drop.anomalies(market.events, games=market.games, size=size))


def _counts(market: Market, strictness: Strictness) -> list[list[Anomaly]]:
    limit = strictness.deviations(baseline.LIMIT)
    return _of("events", baseline.anomalies(market.events, games=market.games, limit=limit))


def _stakes(market: Market, strictness: Strictness) -> list[list[Anomaly]]:
    few = ~(np.nan_to_num(baseline.expected(market.events, games=market.games)) >= _COUNTED)
    counted, staked = market.stakes.copy(), [each.copy() for each in market.staked]
    for values in (counted, *staked):
        values[few] = np.nan
    limit = strictness.deviations(baseline.LIMIT)
    return _of("stakes", baseline.anomalies(counted, games=staked, limit=limit))


def _of(figure: str, found: list[list[Anomaly]]) -> list[list[Anomaly]]:
    return [
        [replace(each, evidence={"figure": figure, **each.evidence}) for each in of] for of in found
    ]


def _thinning(market: Market, strictness: Strictness) -> list[list[Anomaly]]:
    """Operators that were there on all days; the others' sum must not jump with a newcomer."""
    whole = np.flatnonzero(np.isfinite(market.events).all(axis=0))
    counts, per_year = market.events[:, whole], strictness.rate(PER_YEAR)
    games = [each[:, whole] for each in market.games]
    found: list[list[Anomaly]] = [[] for _ in market.operators]
    for place, column in enumerate(whole):
        told = thinning.thinning(
            counts, place, games=games, learned=LEARNED, first=market.start.weekday(),
            per_year=per_year,
        )  # fmt: skip
        found[column] = [told] if told else []
    return found


HOURLY: tuple[Watcher, ...] = (
    Watcher(name="drop", kinds=frozenset({Kind.FEED_DROP, Kind.PARTIAL_DROP}), judge=_drop),
    Watcher(name="records", kinds=frozenset({Kind.BASELINE}), judge=_counts),
    Watcher(name="stakes", kinds=frozenset({Kind.BASELINE}), judge=_stakes),
)
"""Watchers of hours."""
DAILY: tuple[Watcher, ...] = (
    Watcher(name="thinning", kinds=frozenset({Kind.THINNING}), judge=_thinning),
)
"""Watchers of days."""
WATCHERS: Mapping[object, tuple[Watcher, ...]] = {HOUR: HOURLY, DAY: DAILY}


def watch(
    market: Market, levels: Levels, watchers: Sequence[Watcher], *, only: str = ""
) -> list[Sighting]:
    """What the watchers see of all operators, each at its own level; or of one among them."""
    found: list[Sighting] = []
    if not market.size or not market.operators:
        return found
    for each in watchers:
        kind = min(each.kinds)
        chosen = [
            levels.of(name, kind) if only in ("", name) else None for name in market.operators
        ]
        for level in sorted({each for each in chosen if each is not None}):
            told = each.judge(market, Strictness(level, len(market.operators)))
            for place, of in enumerate(told):
                if chosen[place] is level:
                    found += [_sighting(market, place, one) for one in of]
    return found


def _sighting(market: Market, place: int, each: Anomaly) -> Sighting:
    return Sighting(
        operator=market.operators[place], kind=each.kind, started_at=market.at(each.started),
        ended_at=market.at(each.ended + 1), weight=each.severity, score=min(each.score, 1e9),
        evidence=plain(each.evidence), explanation=worded(market, place, each),
    )  # fmt: skip


def honest(counts: Market, spoilt: Mapping[str, Sequence[tuple[int, int]]]) -> Market:
    """Days of a market with those that something else explains put at what the others make likely.

    ``spoilt`` are days (from, until before) in which a feed was known to be broken: an outage is
    not thinning. The operator's usual share of the others' records stands in for them.
    """
    bad = np.zeros(counts.events.shape, dtype=bool)
    for place, name in enumerate(counts.operators):
        for low, high in spoilt.get(name, ()):
            bad[max(low, 0) : max(high, 0), place] = True
    return replace(
        counts, events=_mended(counts.events, bad),
        games=tuple(_mended(each, bad) for each in counts.games),
    )  # fmt: skip


def _mended(counts: Floats, bad: Flags) -> Floats:
    found = counts.copy()
    for place in np.flatnonzero(bad.any(axis=0)):
        others = np.nansum(np.delete(counts, place, axis=1), axis=1)
        spoilt = bad[:, place]
        good = ~spoilt & (others > 0) & np.isfinite(counts[:, place])
        if good.any():
            share = float(np.median(counts[good, place] / others[good]))
            found[spoilt, place] = np.round(share * others[spoilt])
    return found
