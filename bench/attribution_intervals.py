"""Intervals: what they cost, how often they hold the truth, that chance makes no winner.

And the live chain: what one journey costs, and what is left of exactness after many.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from bench.attribution_credit import DATA, synthetic

Row = dict[str, Any]
MODELS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("markov", {}), ("shapley", {}), ("linear", {}), ("markov", {"order": 3})
)  # fmt: skip
PATHS, CHANNELS, REPLICATES, SEED = 1_000_000, 20, 200, 7
SETS, JOURNEYS, KINDS, UPDATES = 300, 20_000, 400, 100_000


def cost() -> Row:
    """200 samples of a million journeys over one run without any, frame to frame, CPU seconds."""
    from attribution.credit import attribute

    frame = synthetic(PATHS, CHANNELS, 3.0, SEED)
    ratios = {}
    for model, params in MODELS:
        once = partial(attribute, model=model, **params)
        sampled = partial(once, replicates=REPLICATES)
        sampled(frame[:1000])  # compiles
        pairs = [(_cpu(sampled, frame), _cpu(once, frame)) for _ in range(3)]
        name = " ".join([model, *(f"{key} {value}" for key, value in params.items())])
        ratios[name] = median(long / short for long, short in pairs)
    worst = max(ratios.values())
    each = ", ".join(f"{model} {ratio:.1f}" for model, ratio in ratios.items())
    return _row("attribution/interval cost", round(worst, 2), "x one run", bar="<= 20",
                ok=worst <= 20, peer=f"{each}; limit shown 5", n=PATHS)  # fmt: skip


def _cpu(job: Callable[[pd.DataFrame], object], frame: pd.DataFrame) -> float:
    began = time.process_time()
    job(frame)
    return time.process_time() - began


def population(seed: int, journeys: int, channels: int, kinds: int) -> Any:
    """Expected journeys of a made-up market, whose credit is known without sampling.

    ``kinds`` paths with their probabilities, channels from common to rare (0.4 % of touches), each
    channel with a conversion rate of its own.
    """
    from attribution.credit import Paths

    rng = np.random.default_rng(seed)
    share = np.maximum(rng.dirichlet(np.full(channels, 0.7)), 0.004)
    share /= share.sum()
    found: dict[tuple[int, ...], None] = {}
    while len(found) < kinds:
        found[tuple(rng.choice(channels, min(int(rng.geometric(0.4)), 8), p=share).tolist())] = None
    paths = [np.array(path) for path in found]
    weight = np.array([share[path].prod() * 0.6 ** len(path) for path in paths])
    rate = 1 / (1 + np.exp(-rng.normal(-1.5, 0.7, channels)))
    converts = np.array([1 - np.prod(1 - 0.6 * rate[path]) for path in paths])
    expected = journeys * weight / weight.sum()
    return Paths(
        channels=tuple(f"channel_{number}" for number in range(channels)),
        tokens=np.concatenate(paths).astype(np.int32),
        offsets=np.concatenate([[0], np.cumsum([len(path) for path in paths])]).astype(np.int64),
        conversions=expected * converts,
        value=expected * converts * 50.0,
        nulls=expected * (1 - converts),
    )


def sample(expected: Any, rng: np.random.Generator) -> Any:
    """Journeys as they might be seen: Poisson counts, gamma values (mean 50, deviation 35)."""
    conversions = rng.poisson(expected.conversions)
    values = np.split(rng.gamma(2.0, 25.0, int(conversions.sum())), np.cumsum(conversions)[:-1])
    return replace(
        expected,
        conversions=conversions.astype(np.float64),
        nulls=rng.poisson(expected.nulls).astype(np.float64),
        value=np.array([each.sum() for each in values]),
        value_squares=np.array([(each**2).sum() for each in values]),
    )


def coverage() -> list[Row]:
    """How many of the intervals of 300 simulated data sets hold the true credit of a channel.

    Truth is the model's credit of the expected journeys, which no sampling has touched.
    """
    return [_coverage("markov", SETS), _coverage("shapley", SETS)]


def coverage_of_others() -> list[Row]:
    """The same for a long memory, and for models whose fit is uncertain too; half as many sets."""
    return [
        _coverage("markov", SETS // 2, order=3),
        _coverage("data-driven", SETS // 2),
        _coverage("ensemble", SETS // 2),
    ]


def _coverage(model: str, sets: int, **params: Any) -> Row:
    from attribution.credit import attribute

    expected = population(1, JOURNEYS, 10, KINDS)
    truth = attribute(expected, model, **params)
    rng = np.random.default_rng(SEED)
    held, money, effects = [], [], []
    for number in range(sets):
        seen = sample(expected, rng)
        found = attribute(seen, model, replicates=REPLICATES, seed=number, **params)
        held.append(_within(truth.conversions, found.conversions_low, found.conversions_high))
        money.append(_within(truth.value, found.value_low, found.value_high))
        if found.removal_effect is not None:
            effects.append(_within(truth.removal_effect, found.removal_low, found.removal_high))
    value = float(np.mean(held))
    by_channel = np.mean(held, axis=0)
    peer = (
        f"single channels {by_channel.min():.3f}-{by_channel.max():.3f}, "
        f"credit from {truth.conversions.min():.0f} to {truth.conversions.max():.0f}; "
        f"value {np.mean(money):.3f}"
    )
    if effects:
        peer += f", removal effects {np.mean(effects):.3f}"
    name = " ".join(["attribution/coverage", model, *(f"{k} {v}" for k, v in params.items())])
    return _row(name, round(value, 4), "of nominal 95 %",
                bar="0.93 to 0.97", ok=0.93 <= value <= 0.97, peer=peer, n=sets)  # fmt: skip


def _within(truth: Any, low: Any, high: Any) -> Any:
    return (low <= truth) & (truth <= high)


def negative_control() -> Row:
    """Ten thousand touches whose conversions were drawn by chance: no model may name a winner."""
    from attribution.credit import MODELS as REGISTRY
    from attribution.credit import attribute
    from attribution.credit.verdict import verdict

    file = DATA / "attribution" / "negative_control_random_10k.csv.gz"
    if not file.exists():
        return _row("attribution/negative control", None, "winners", bar="0", ok=False,
                    peer="no data", n=0)  # fmt: skip
    paths = _journeys(pd.read_csv(file))
    winners = []
    for name in REGISTRY:
        found = attribute(paths, name, replicates=1_000, seed=SEED, keep_draws=True)
        assert found.draws is not None
        if verdict(found.conversions, found.draws.credit[:, 0]).leader is not None:
            winners.append(name)
    return _row("attribution/negative control", len(winners), "winners", bar="0",
                ok=not winners, peer=f"models: {', '.join(REGISTRY)}",
                n=int(paths["conversions"].size))  # fmt: skip


def _journeys(touches: pd.DataFrame) -> dict[str, Any]:
    """A journey per user up to each conversion, and what is left as a null journey."""
    touches = touches.assign(at=pd.to_datetime(touches["Timestamp"], format="%m/%d/%Y %H:%M"))
    touches = touches.sort_values(["User ID", "at"], kind="stable")
    path: list[str] = []
    rows: list[tuple[str, int]] = []
    before = None
    for user, channel, converted in touches[["User ID", "Channel", "Conversion"]].itertuples(
        index=False
    ):
        if user != before and path:
            rows.append((" > ".join(path), 0))
            path = []
        before = user
        path.append(channel)
        if converted == "Yes":
            rows.append((" > ".join(path), 1))
            path = []
    if path:
        rows.append((" > ".join(path), 0))
    converted = np.array([row[1] for row in rows], dtype=np.float64)
    return {"path": [row[0] for row in rows], "conversions": converted, "nulls": 1 - converted}


def incremental() -> Row:
    """A finished journey at a time on 50 channels: counts and all effects, one in five erased.

    Seconds of one change and its answer, p99 over 100,000; then the distance to a fresh solve.
    """
    from attribution.credit import LiveChain
    from attribution.credit.chain import removal_effects

    rng = np.random.default_rng(SEED)
    names = [f"channel_{number}" for number in range(50)]
    live, never = LiveChain(names), LiveChain(names, every=10 * UPDATES)
    share = rng.dirichlet(np.ones(50))
    kept: list[tuple[list[str], int]] = []
    took = np.empty(UPDATES)
    for number in range(UPDATES + 100):
        erased = number % 5 == 4
        path, won = (
            kept.pop(int(rng.integers(len(kept)))) if erased else _journey(rng, share, names)
        )
        if not erased:
            kept.append((path, won))
        amounts = {"conversions": won, "nulls": 1 - won, "value": 4_200 * won}
        began = time.perf_counter()
        (live.subtract if erased else live.add)(path, **amounts)
        live.effects()
        if number >= 100:  # the first ones compile and meet the channels
            took[number - 100] = time.perf_counter() - began
        (never.subtract if erased else never.add)(path, **amounts)
    fresh = removal_effects(live.counts()).removal
    drift, unscheduled = (
        float(np.abs(chain.effects().removal - fresh).max()) for chain in (live, never)
    )
    low, high = (float(np.quantile(took, share)) * 1e3 for share in (0.5, 0.99))
    return _row("attribution/incremental", round(high, 4), "ms p99", bar="< 1; drift <= 1e-9",
                ok=high < 1 and drift <= 1e-9, n=UPDATES,
                peer=f"median {low:.4f} ms, most {took.max() * 1e3:.2f} ms; drift {drift:.1e}, "
                f"computed anew {live.rebuilt} times "
                f"(never: {unscheduled:.1e})")  # fmt: skip


def _journey(rng: np.random.Generator, share: Any, names: Sequence[str]) -> tuple[list[str], int]:
    path = [names[at] for at in rng.choice(len(names), int(rng.geometric(1 / 3)), p=share).tolist()]
    return path, int(rng.random() < 0.2)


def _row(
    name: str, value: float | None, unit: str, *, bar: str, ok: bool, peer: str, n: int
) -> Row:
    return {"name": name, "value": value, "unit": unit, "bar": bar, "ok": bool(ok), "peer": peer,
            "n": n}  # fmt: skip


ROWS: dict[str, Callable[[], Row | Sequence[Row]]] = {
    "attribution/interval cost": cost,
    "attribution/coverage": coverage,
    "attribution/coverage of others": coverage_of_others,
    "attribution/negative control": negative_control,
    "attribution/incremental": incremental,
}
