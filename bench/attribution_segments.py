"""Behavioural profiles against the planted ones: who people are, and which channels move whom."""

from collections.abc import Callable
from datetime import date
from itertools import combinations
from statistics import mean
from typing import Any

import numpy as np
from sklearn.metrics import adjusted_rand_score

from attribution.behaviour.features import behaviour
from attribution.profiles.effects import Effects, effects
from attribution.profiles.fit import Found, fit
from attribution.profiles.naming import named
from bench.attribution_truth import cut, paths_of
from bench.behaviour import Known, observed
from simulation.advertiser import NORTHWIND, Simulation, simulate
from simulation.truth import truth

Row = dict[str, Any]
SEEDS, TOUCHES = 10, 40_000
LARGE_SEEDS, LARGE_TOUCHES = 10, 120_000
NAMES = [each.name for each in NORTHWIND.profiles]


def rows_of_segments() -> list[Row]:
    """Recovery over many markets; in large ones, who is moved by what."""
    small = [_recovered(_market(seed, TOUCHES))[0] for seed in range(SEEDS)]
    large = [_market(seed, LARGE_TOUCHES) for seed in range(LARGE_SEEDS)]
    recovered = [_recovered(each) for each in large]
    rand = [each["rand"] for each in small]
    four = sum(each["profiles"] == len(NAMES) for each in small)
    right = sum(each["named"] for each in small)
    known = mean(each["known"] for each in small)
    orders = [_order(*each) for each in zip(large, [found for _, found in recovered], strict=True)]
    told, kept = sum(each[0] for each in orders), sum(each[1] for each in orders)
    rank = mean(each[2] for each in orders)
    share = kept / told if told else 0.0
    return [
        {"name": "attribution/segments", "value": round(mean(rand), 3), "unit":
         "mean adjusted Rand index, people of 3 visits or more", "bar": ">= 0.8",
         "ok": mean(rand) >= 0.8, "n": SEEDS,
         "peer": f"least {min(rand):.2f}; {known:.0%} of people known; four profiles in {four},"
         f" all named as planted in {right} of {SEEDS};"
         f" {mean(each['rand'] for each, _ in recovered):.3f} at {LARGE_TOUCHES} touches"},
        {"name": "attribution/segments lift-order", "value": round(share, 3), "unit":
         "share of pairs told apart that are in the planted order", "bar": ">= 0.95",
         "ok": share >= 0.95, "n": LARGE_SEEDS,
         "peer": f"{told} pairs of profiles told apart by channel; lifts' Spearman {rank:.2f} where"
         " touches cause 50 or more"},
    ]  # fmt: skip


def _market(seed: int, touches: int) -> tuple[Simulation, Known]:
    simulation = simulate(NORTHWIND, seed=seed, start=date(2026, 6, 1), days=90, touches=touches)
    return simulation, observed(simulation)


def _recovered(market: tuple[Simulation, Known]) -> tuple[dict[str, Any], Found]:
    _, known = market
    found = fit(behaviour(known.histories, now=int(known.histories.at.max())), seed=1)
    assert found is not None
    seen = found.label >= 0
    planted = [
        NAMES[int(np.bincount(known.profile[found.label == row]).argmax())]
        for row in range(len(found.centres))
    ]
    return {
        "rand": adjusted_rand_score(known.profile[seen], found.label[seen]),
        "profiles": len(found.centres),
        "named": list(named(found.centres)) == planted,
        "known": float(seen.mean()),
    }, found


def _order(market: tuple[Simulation, Known], found: Found) -> tuple[int, int, float]:
    """Pairs told apart, those of them in the planted order, and the rank correlation of lifts."""
    from scipy.stats import spearmanr

    simulation, known = market
    journeys = cut(simulation)
    label = np.full(len(simulation.profile), -1)
    for person, row in known.rows.items():
        label[person] = found.label[row]
    seen = effects(
        paths_of(simulation, journeys), label[journeys.person], range(len(found.centres)), seed=1
    )
    planted = _planted(simulation, known, found)
    told, kept = _pairs(seen, planted)
    large = seen.caused[1:] >= 50
    return told, kept, float(spearmanr(seen.lift[1:][large], planted[large]).statistic)


def _planted(simulation: Simulation, known: Known, found: Found) -> Any:
    """The lifts of the planted profile each found one is mostly made of: (profiles, channels)."""
    rates = truth(simulation)
    causal = ~simulation.touches.navigational
    cell = np.zeros(rates.by_profile.shape)
    who = simulation.profile[simulation.touches.person[causal]]
    np.add.at(cell, (who, simulation.touches.channel[causal]), 1)
    lift = (rates.by_profile / cell) / (rates.by_profile.sum(axis=0) / cell.sum(axis=0))
    mostly = [
        int(np.bincount(known.profile[found.label == row]).argmax())
        for row in range(len(found.centres))
    ]
    return lift[mostly]


def _pairs(seen: Effects, planted: Any) -> tuple[int, int]:
    """Pairs of profiles whose intervals for a channel's lift do not meet; those in order."""
    told = kept = 0
    for channel in range(len(seen.channels)):
        for one, other in combinations(range(len(planted)), 2):
            above = seen.lift_low[1 + one, channel] > seen.lift_high[1 + other, channel]
            below = seen.lift_high[1 + one, channel] < seen.lift_low[1 + other, channel]
            if above or below:
                told += 1
                kept += bool((planted[one, channel] > planted[other, channel]) == above)
    return told, kept


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"attribution/segments": rows_of_segments}
