"""Credit against the known causes of a simulated market."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from statistics import mean
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from attribution.credit import Paths
from attribution.credit.paths import Ints
from attribution.journeys.build import Config, Conversions, Journeys, Touches, build
from simulation.advertiser import DAY, NORTHWIND, Simulation, simulate
from simulation.truth import truth

Row = dict[str, Any]
LOOKBACK = 30.0
SEEDS, TOUCHES = 20, 200_000
LEARNED = ("data-driven", "survival", "ensemble")
COMPARED = ("last", "markov", "shapley", *LEARNED)
NAVIGATIONAL = ("direct", "organic search")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cut:
    """The journeys of a simulated market: as cut, and the person of each that has touches."""

    found: Journeys
    person: Ints


def journeys(simulation: Simulation) -> Paths:
    """The purchases and non-purchases of a simulated market as an analyst sees them."""
    return paths_of(simulation, cut(simulation))


def cut(simulation: Simulation) -> Cut:
    """The journeys to purchases, and those to none."""
    touches, bought = simulation.touches, ~simulation.conversions.signup
    channels = [each.name for each in simulation.market.channels]
    micro = 1_000_000
    found = build(
        Touches(
            person=touches.person,
            at=(touches.at * micro).astype(np.int64),
            order=np.arange(len(touches.at)),
            direct=touches.channel == channels.index("Direct"),
            channel=touches.channel,
            view=touches.seen,
        ),
        Conversions(
            person=simulation.conversions.person[bought],
            at=(simulation.conversions.at[bought] * micro).astype(np.int64),
            order=len(touches.at) + np.arange(int(bought.sum())),
            kind=np.zeros(int(bought.sum()), dtype=np.int64),
        ),
        Config(),
    )
    firsts = found.touch[found.offsets[:-1][np.diff(found.offsets) > 0]]
    return Cut(found=found, person=touches.person[firsts])


def paths_of(simulation: Simulation, journeys: Cut) -> Paths:
    """Journeys with touches as paths.

    Ages are days before the purchase; where there is none, before the journey could no longer end
    in one: the look-back after its last touch, or the end of what was observed.
    """
    found, touches, bought = journeys.found, simulation.touches, ~simulation.conversions.signup
    lengths = np.diff(found.offsets)
    kept = lengths > 0
    converted = found.conversion >= 0
    tokens = touches.channel[found.touch]
    at = touches.at[found.touch]
    last = np.zeros(len(lengths))
    last[kept] = at[found.offsets[1:][kept] - 1]
    ended = np.minimum(last + LOOKBACK * DAY, simulation.days * DAY)
    times = simulation.conversions.at[bought]
    ended[converted] = times[found.conversion[converted]]
    value = np.zeros(len(lengths))
    value[converted] = simulation.conversions.value[bought][found.conversion[converted]]
    ages = (np.repeat(ended, lengths) - at) / DAY
    return Paths(
        channels=tuple(each.name for each in simulation.market.channels),
        tokens=tokens.astype(np.int32),
        offsets=np.concatenate([[0], np.cumsum(lengths[kept])]).astype(np.int64),
        conversions=converted[kept].astype(np.float64),
        value=value[kept],
        nulls=(~converted[kept]).astype(np.float64),
        ages=np.maximum(ages, 0.0),
        began=at[found.offsets[:-1][kept]] / DAY,
    )


def rows_of_truth() -> list[Row]:
    """Twenty simulated markets: rank correlation of the credit with the truth, and mean error."""
    found = [_market(seed) for seed in range(SEEDS)]
    ranks = {name: mean(each[name][0] for each in found) for name in COMPARED}
    errors = {name: mean(each[name][1] for each in found) for name in COMPARED}
    incremental = mean(each["survival"][2] for each in found)
    beaten = [name for name in COMPARED if errors[name] >= errors["last"] and name != "last"]
    said = ", ".join(f"{name} {rank:.2f}" for name, rank in ranks.items())
    errs = ", ".join(f"{name} {error:.0f}" for name, error in errors.items())
    rank, error = min(ranks[name] for name in LEARNED), max(errors[name] for name in LEARNED)
    return [
        {"name": "attribution/truth rank", "value": round(rank, 3),
         "unit": "Spearman, mean over seeds, least of the fitted models",
         "bar": ">= 0.9", "ok": rank >= 0.9, "peer": said, "n": SEEDS},
        {"name": "attribution/truth error", "value": round(error, 1),
         "unit": "mean absolute error in conversions, largest of the fitted models",
         "bar": "every model that looks at data below last touch", "ok": not beaten,
         "peer": f"{errs}; survival's incremental credit {incremental:.0f}", "n": SEEDS},
    ]  # fmt: skip


def _market(seed: int) -> dict[str, tuple[float, float, float]]:
    """Model -> (rank correlation, mean absolute error, error of incremental credit)."""
    from attribution.credit import MODELS, attribute
    from attribution.credit.models.base import weighted
    from attribution.credit.models.survival import incremental

    simulation = simulate(NORTHWIND, seed=seed, start=date(2026, 6, 1), days=90, touches=TOUCHES)
    true, paths = truth(simulation).conversions, journeys(simulation)
    caused = weighted(paths, incremental(paths, MODELS["survival"].defaults)).credit[:, 0]
    least = float(np.abs(caused - true).mean())
    found = {}
    for name in COMPARED:
        credit = attribute(paths, name).conversions
        rank = float(spearmanr(credit, true).statistic)
        found[name] = (rank, float(np.abs(credit - true).mean()), least)
    return found


def truth_of_the_deep_model() -> Row:
    """The same markets, the attention model trained on each: minutes of training in all."""
    from attribution.credit import attribute

    ranks, errors, beaten = [], [], []
    for seed in range(SEEDS):
        simulation = simulate(
            NORTHWIND, seed=seed, start=date(2026, 6, 1), days=90, touches=TOUCHES
        )
        true, paths = truth(simulation).conversions, journeys(simulation)
        credit, last = (attribute(paths, name).conversions for name in ("deep", "last"))
        ranks.append(float(spearmanr(credit, true).statistic))
        errors.append(float(np.abs(credit - true).mean()))
        beaten.append(float(np.abs(last - true).mean()))
    rank = mean(ranks)
    return {
        "name": "attribution/truth deep", "value": round(rank, 3),
        "unit": "Spearman, mean over seeds", "n": SEEDS,
        "bar": ">= 0.9, error below last touch", "ok": rank >= 0.9 and mean(errors) < mean(beaten),
        "peer": f"least {min(ranks):.2f}; mean absolute error {mean(errors):.0f} conversions,"
        f" last touch {mean(beaten):.0f}",
    }  # fmt: skip


def hazard() -> Row:
    """640,000 touches through 20 iterations of the hazard's EM."""
    from attribution.credit.hazard import fit

    simulation = simulate(NORTHWIND, seed=1, start=date(2026, 6, 1), days=90, touches=660_000)
    paths = journeys(simulation)
    fit(paths, iterations=1)  # compiles
    began = time.process_time()
    found = fit(paths, iterations=20, navigational=NAVIGATIONAL)
    seconds = time.process_time() - began
    planted = np.array([channel.decay_days for channel in NORTHWIND.channels])
    known = [name not in ("Direct",) for name in found.channels]
    worst = float(np.abs(1 / found.omega[known] / planted[known] - 1).max())
    peer = f"{paths.tokens.size} touches; planted mean delays met within {worst:.0%}"
    return {"name": "attribution/hazard", "value": round(seconds, 2), "unit": "CPU seconds",
            "bar": "<= 10, delays within a third", "ok": seconds <= 10 and worst <= 1 / 3,
            "peer": peer, "n": paths.tokens.size}  # fmt: skip


ROWS: dict[str, Callable[[], Row | list[Row]]] = {
    "attribution/truth": rows_of_truth,
    "attribution/truth-deep": truth_of_the_deep_model,
    "attribution/hazard": hazard,
}
