"""Members beside the trees: what an adversary takes from the network, and what it costs."""

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from bench.histories import simulated
from fraud.training.learn import learn
from ml.features.layout import Floats
from ml.sequence.attack import EPSILON, fgsm
from ml.sequence.export import packed, parity
from ml.sequence.fitted import Fitted, batch, fit
from ml.sequence.served import LastEvents
from ml.training.examples import Examples
from ml.training.split import by_time

Row = dict[str, Any]
SEEDS = int(os.environ.get("BENCH_MEMBERS_SEEDS", "3"))
PEOPLE = int(os.environ.get("BENCH_MEMBERS_PEOPLE", "1500"))
FALSE_ALARMS = 0.01
STEP = 256


def robustness() -> Row:
    """Recall of false events before and after an adversary who knows the network moved them.

    Each of the 50 features of each of the person's last events moves by ``EPSILON`` standard
    deviations; the limit is the score that 1 % of honest events are above, before and after.
    """
    fell: dict[bool, list[float]] = {True: [], False: []}
    before: dict[bool, list[float]] = {True: [], False: []}
    for seed in range(SEEDS):
        log, _ = simulated(200 + seed, PEOPLE)
        parts = by_time(learn(log, histories=True).examples)
        for trained in (True, False):
            fitted = fit(parts.fit, parts.tune, seed=seed, epsilon=EPSILON if trained else 0.0)
            was, now = _recalls(fitted, parts.test)
            before[trained].append(was)
            fell[trained].append(100.0 * (was - now))
    with_, without = (float(np.mean(fell[each])) for each in (True, False))
    return {
        "name": "fraud/robustness", "value": round(with_, 2), "unit": "points of recall lost",
        "bar": "<= 5 with adversarial training", "ok": with_ <= 5.0, "n": SEEDS,
        "peer": f"without adversarial training {without:.1f} points; recall before"
        f" {np.mean(before[True]):.3f} with, {np.mean(before[False]):.3f} without, at"
        f" {100 * FALSE_ALARMS:g} % false; moved by {EPSILON:g} deviations; worst market"
        f" {max(fell[True]):.1f} with, {max(fell[False]):.1f} without",
    }  # fmt: skip


def _recalls(fitted: Fitted, test: Examples) -> tuple[float, float]:
    margins = fitted.margins(test)
    limit = float(np.quantile(margins[test.truth == 0], 1.0 - FALSE_ALARMS, method="higher"))
    moved = _moved(fitted, test.of(np.flatnonzero(test.truth > 0)))
    return float((margins[test.truth > 0] > limit).mean()), float((moved > limit).mean())


def _moved(fitted: Fitted, false: Examples) -> Floats:
    """The margins of false events once they were moved."""
    if false.context is None:
        raise ValueError("the examples have no histories")
    found = []
    for start in range(0, len(false), STEP):
        rows = np.arange(start, min(start + STEP, len(false)))
        steps, lengths = batch(fitted.scaling, false.context, rows)
        attacked = fgsm(fitted.network, steps, lengths, torch.ones(rows.size))
        with torch.no_grad():
            found.append(fitted.network(attacked, lengths).numpy().astype(np.float64))
    return np.concatenate(found)


def last_events() -> Row:
    """The network as it is served: how long a window takes in 32 and in 8 bits, and its parity."""
    log, _ = simulated(300, PEOPLE)
    parts = by_time(learn(log, histories=True).examples)
    fitted = fit(parts.fit, parts.tune, seed=1, passes=3)
    whole, quick = (LastEvents(packed(fitted, quick=each)) for each in (False, True))
    window = np.random.default_rng(1).normal(size=(100, len(fitted.names))).astype(np.float32)
    times = {each: [_milliseconds(each, window) for _ in range(300)] for each in (whole, quick)}
    p99 = {each: float(np.quantile(found, 0.99)) for each, found in times.items()}
    differs = parity(fitted, whole, parts.test.of(np.arange(min(2_000, len(parts.test)))))
    faster = float(np.median(times[whole]) / np.median(times[quick]))
    return {
        "name": "fraud/last-events", "value": differs, "unit": "difference from the trained, most",
        "bar": "<= 1e-5", "ok": differs <= 1e-5, "n": 2_000,
        "peer": f"100 events: {p99[whole]:.2f} ms p99 in 32 bits, {p99[quick]:.2f} in 8, which is"
        f" {faster:.2f} x as fast",
    }  # fmt: skip


def _milliseconds(network: LastEvents, window: Any) -> float:
    began = time.perf_counter()
    network.margin(window)
    return 1e3 * (time.perf_counter() - began)


ROWS: dict[str, Callable[[], Row | list[Row]]] = {
    "fraud/robustness": robustness,
    "fraud/last-events": last_events,
}
