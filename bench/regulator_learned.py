"""How well learned detectors see days that go otherwise than days go, on markets of the simulator.

Anomalies of five kinds (``regulator.learned.trial``) are put into the last eight weeks of clean
markets (``simulation.gaming_shapes``). Every hour stays in the range of that operator's same hour
of the day, so that no threshold on a single hour sees them. All detectors learn from the same
earlier weeks; the limit is set on clean weeks between them and the last, at one clean day in 91:
a false alarm an operator and quarter. Nothing is chosen by the seeds that are measured.

    python -m bench regulator/lstm            all ten seeds, minutes each
    BENCH_LEARNED_SEEDS=0,1 python -m bench regulator/lstm
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from regulator.features.series import WEEK, Floats, Series
from regulator.learned.fitting import COUNTS, fits
from regulator.learned.members import BASELINE, ISOLATION, NETWORK, prepare, rows
from regulator.learned.parts import Parts
from regulator.learned.scoring import Scorer
from regulator.learned.tails import against_past
from regulator.learned.trial import COURSES, inject
from regulator.learned.trying import Stretches, stretches
from simulation import gaming_shapes

Row = dict[str, Any]
SEEDS = range(10)
WEEKS, OPERATORS = 42, 6
CUT = Parts(fit=7 * WEEK, held=24 * WEEK, calibrate=28 * WEEK, trial=34 * WEEK, end=42 * WEEK)
CLEAN = 1.0 / 91.0
"""The share of clean days that may raise an alarm."""
BAR = 0.85
HOUR = "single hour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Of one market by one detector: F1 at the limit set on clean days, and at the best limit."""

    f1: float
    best: float
    recalls: Mapping[str, float]
    false: int


def market(seed: int) -> Series:
    """Clean hours."""
    made = gaming_shapes.market(seed=seed, weeks=WEEKS, operators=OPERATORS)
    return Series(
        start=made.start, operators=tuple("abcdefghij"[:OPERATORS]),
        values=np.stack([made.stakes, made.payouts, made.events], axis=2),
    )  # fmt: skip


def measure(seed: int) -> tuple[dict[str, Found], float]:
    """What each detector finds in a market, and the F1 of calling every day strange."""
    series = market(seed)
    given = prepare(series)
    fitted = fits(given, rows(series, slice(CUT.fit, CUT.held)), CUT, seed=seed)
    changed, injected = inject(series, given.wanted, first=CUT.trial, seed=seed)
    of = stretches(injected, OPERATORS, first=CUT.trial, last=CUT.end)
    calm = stretches((), OPERATORS, first=CUT.calibrate, last=CUT.trial)
    names = [str(each) for each in COUNTS]
    score, after = Scorer(fits=fitted, first=CUT.calibrate), prepare(changed)
    clean, tried = score(given, names), score(after, names)
    clean[HOUR] = tried[HOUR] = by_hour(after.told, series.clock() % 24)
    found = {
        name: _found(clean[name], tried[name], calm, of) for name in (*tried,) if name != BASELINE
    }
    return found, 2 * of.truth.mean() / (1 + of.truth.mean())


def by_hour(told: Floats, clock: np.ndarray) -> Floats:
    """The greatest deviation of a figure from its operator's past at the same hour of the day."""
    found = np.full(told.shape[:2], np.nan)
    for hour in range(24):
        at = np.flatnonzero(clock == hour)
        until = int((at < CUT.trial).sum())
        apart = [
            np.abs(against_past(told[at, :, place], slice(CUT.fit // 24, until), least=30))
            for place in range(told.shape[2])
        ]
        found[at] = np.max(apart, axis=0)
    return found


def _found(clean: Floats, tried: Floats, calm: Stretches, of: Stretches) -> Found:
    limit = np.quantile(calm.scores(clean), 1.0 - CLEAN, method="higher")
    scores, shapes = of.scores(tried), np.array(of.shapes)
    hit = scores > limit
    return Found(
        f1=f1(hit, of.truth), best=max(f1(scores > each, of.truth) for each in np.unique(scores)),
        recalls={shape: float(hit[shapes == shape].mean()) for shape in COURSES},
        false=int(hit[of.truth == 0].sum()),
    )  # fmt: skip


def f1(hit: np.ndarray, truth: Floats) -> float:
    """The harmonic mean of precision and recall."""
    right = float((hit & (truth > 0)).sum())
    return 2.0 * right / (hit.sum() + truth.sum()) if right else 0.0


def courses() -> Row:
    """The LSTM autoencoder beside principal components, an Isolation Forest and single hours."""
    asked = os.environ.get("BENCH_LEARNED_SEEDS")
    seeds = [int(each) for each in asked.split(",")] if asked else list(SEEDS)
    told = [measure(seed) for seed in seeds]
    mean = {name: float(np.mean([each[name].f1 for each, _ in told])) for name in told[0][0]}
    best = max((str(each) for each in COUNTS), key=lambda name: mean[name])
    network, rival = (np.array([each[name].f1 for each, _ in told]) for name in (NETWORK, best))
    recalls = {
        shape: float(np.mean([each[NETWORK].recalls[shape] for each, _ in told]))
        for shape in COURSES
    }
    chance, hour = np.mean([each for _, each in told]), [each[HOUR].best for each, _ in told]
    return {
        "name": "regulator/lstm-autoencoder", "value": round(mean[NETWORK], 3), "n": len(seeds),
        "unit": "F1, mean of markets", "bar": ">= 0.85, and better than PCA",
        "ok": mean[NETWORK] >= BAR and mean[NETWORK] > mean[best],
        "peer": f"PCA with the best of {len(COUNTS)} numbers of components ({best}) "
        f"{mean[best]:.3f}; the network better on {int((network > rival).sum())} of {len(seeds)}; "
        f"Isolation Forest {mean[ISOLATION]:.3f}; single hours {mean[HOUR]:.3f}, at the best "
        f"threshold {np.mean(hour):.3f} where calling every day strange gives {chance:.3f}; "
        f"lowest of the network {network.min():.3f}; found: "
        + ", ".join(f"{shape.replace('_', ' ')} {share:.2f}" for shape, share in recalls.items()),
    }  # fmt: skip


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"regulator/lstm-autoencoder": courses}
