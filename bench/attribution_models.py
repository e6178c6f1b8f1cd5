"""Models at size: Shapley over many channels, long memories over many channels."""

import time
from collections.abc import Callable
from itertools import combinations
from math import factorial
from statistics import median
from typing import Any

import numpy as np

from bench.attribution_credit import ours, synthetic, theirs

Row = dict[str, Any]
SEED, RUNS = 7, 3


def shapley() -> list[Row]:
    """Set and ordered Shapley over 200 channels: time per touch, and equality with enumeration."""
    from attribution.credit import attribute, parse
    from attribution.credit.models.ordered_shapley import by_place

    sizes = (500_000, 1_000_000, 2_000_000)
    coded = [parse(synthetic(size, 200, 3.0, SEED)) for size in sizes]
    rows = []
    for name, job in (
        ("set", lambda paths: attribute(paths, "shapley")),
        ("ordered", lambda paths: by_place(paths, 10)),
    ):
        job(coded[0])  # compiles
        each = [
            median(_cpu(job, paths) for _ in range(RUNS)) / paths.tokens.size * 1e9
            for paths in coded
        ]
        growth = each[-1] / each[0]
        error = _worst(name)
        times = ", ".join(f"{one:.1f}" for one in each)
        rows.append(
            {
                "name": f"attribution/shapley {name}", "value": round(growth, 2),
                "unit": "time per touch at 4 x the journeys over that at 1 x",
                "bar": "<= 1.5 (linear), largest error <= 1e-9", "n": sizes[-1],
                "ok": bool(growth <= 1.5 and error <= 1e-9),
                "peer": f"ns per touch {times}; error against all coalitions of 12 {error:.1e}",
            }
        )  # fmt: skip
    return rows


def _cpu(job: Callable[[Any], object], paths: Any) -> float:
    began = time.process_time()
    job(paths)
    return time.process_time() - began


def _worst(kind: str) -> float:
    """Largest absolute difference to the Shapley value by its definition, 12 channels."""
    from attribution.credit import attribute, parse
    from attribution.credit.models.ordered_shapley import by_place

    places = 3
    paths = parse(synthetic(300, 12, 3.0, SEED))
    size = len(paths.channels)
    sets = [
        (paths.tokens[paths.offsets[row] : paths.offsets[row + 1]].tolist(), conversions)
        for row, conversions in enumerate(paths.conversions)
    ]
    masks = np.array([sum(1 << token for token in set(path)) for path, _ in sets])
    weights = [factorial(k) * factorial(size - k - 1) / factorial(size) for k in range(size)]

    def value(channel: int, amounts: Any, marginal: bool) -> float:
        """Sum over coalitions without the channel of what its joining adds."""
        total = 0.0
        others = [1 << other for other in range(size) if other != channel]
        for k in range(size):
            for chosen in combinations(others, k):
                inside = sum(chosen)
                joined = (masks & ~(inside | 1 << channel)) == 0
                added = joined & ((masks & ~inside) != 0) if marginal else joined
                total += weights[k] * float(amounts[added].sum())
        return total

    conversions = np.array([each for _, each in sets])
    if kind == "set":
        found = attribute(paths, "shapley").conversions
        return float(max(abs(value(c, conversions, True) - found[c]) for c in range(size)))
    table = by_place(paths, places)[:, :, 0]
    worst = 0.0
    for channel in range(size):
        for place in range(places):
            amounts = np.array(
                [
                    each / path.count(channel) if path[place : place + 1] == [channel] else 0.0
                    for path, each in sets
                ]
            )
            worst = max(worst, abs(value(channel, amounts, False) - table[channel, place]))
    return float(worst)


def many_channels() -> list[Row]:
    """Markov of order 2 and 3 over 50 channels and a million paths, beside ChannelAttribution."""
    frame = synthetic(1_000_000, 50, 3.0, SEED)
    rows = []
    for order, bar in ((2, 15.0), (3, 8.0)):
        for job in (ours, theirs):
            job(frame.head(1000), order)
        pairs = [(_pair(ours, frame, order), _pair(theirs, frame, order)) for _ in range(RUNS)]
        cpu, wall = (median(their[i] / our[i] for our, their in pairs) for i in (0, 1))
        our, their = (median(pair[i][0] for pair in pairs) for i in (0, 1))
        value = round(min(cpu, wall), 1)
        rows.append(
            {
                "name": f"attribution/many channels order {order}", "value": value,
                "unit": "x ChannelAttribution 2.2.5", "bar": f">= {bar:.0f}", "ok": value >= bar,
                "peer": f"CPU {their:.1f} s / {our:.2f} s = {cpu:.1f}, wall {wall:.1f}",
                "n": len(frame),
            }
        )  # fmt: skip
    return rows


def _pair(job: Any, frame: Any, order: int) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    job(frame, order)
    return time.process_time() - cpu, time.perf_counter() - wall


ROWS: dict[str, Callable[[], Row | list[Row]]] = {
    "attribution/shapley": shapley,
    "attribution/many channels": many_channels,
}
