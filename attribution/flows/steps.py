"""Step by step: how many journeys reach the next touch, and what flows between the first ones."""

from dataclasses import dataclass

import numpy as np

from attribution.credit.paths import Floats, Ints, Paths
from attribution.flows import shape

CONVERTED, LOST, LATER, OTHER = "Conversion", "No conversion", "More touches", "All others"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Journeys with at least ``number`` touches, and what became of them right after it.

    ``reached = converted + lost + continued``; "lost" is a journey that ended there unconverted.
    """

    number: int
    reached: float
    converted: float
    lost: float
    continued: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """Journeys that touched ``channel``: those whose last touch it was, and those that went on."""

    channel: str
    journeys: float
    converted: float
    lost: float
    continued: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Journeys from one node to the next; nodes are (column, label)."""

    source: tuple[int, str]
    target: tuple[int, str]
    journeys: float
    conversions: float


def drop_off(paths: Paths, *, depth: int) -> tuple[Step, ...]:
    """The first ``depth`` steps, repeats of a channel merged; fewer when no path is as long."""
    found = shape.merged(paths)
    lengths = found.lengths
    steps = []
    for number in range(1, depth + 1):
        here, beyond = lengths == number, lengths > number
        converted, lost = float(found.conversions[here].sum()), float(found.nulls[here].sum())
        continued = float((found.conversions[beyond] + found.nulls[beyond]).sum())
        if converted + lost + continued <= 0:
            break
        steps.append(
            Step(
                number=number,
                reached=converted + lost + continued,
                converted=converted,
                lost=lost,
                continued=continued,
            )
        )
    return tuple(steps)


def exits(paths: Paths) -> tuple[Exit, ...]:
    """Every channel with the journeys that ended at it or went on, most journeys first."""
    found = shape.merged(paths)
    rows = shape.rows_of(found)
    seen = shape.per_channel(found, found.tokens.astype(np.int64), rows).sum(axis=1)
    last = found.tokens[found.offsets[1:] - 1].astype(np.int64)
    size = len(found.channels)
    converted = np.bincount(last, weights=found.conversions, minlength=size)
    lost = np.bincount(last, weights=found.nulls, minlength=size)
    order = np.lexsort((np.arange(size), -seen))
    return tuple(
        Exit(
            channel=found.channels[channel],
            journeys=float(seen[channel]),
            converted=float(converted[channel]),
            lost=float(lost[channel]),
            continued=float(seen[channel] - converted[channel] - lost[channel]),
        )
        for channel in order.tolist()
        if seen[channel] > 0
    )


def flows(paths: Paths, *, steps: int, most: int, converting: bool) -> tuple[Link, ...]:
    """Links of a flow chart: the first ``steps`` touches in columns 0..steps - 1, then the outcome.

    Only the ``most`` channels with most journeys keep their names. Journeys with more touches pass
    "More touches" in column ``steps``; outcomes stand in column ``steps + 1``. ``converting`` looks
    at converting journeys alone. What enters a node leaves it, and the first column holds all.
    """
    found = shape.merged(paths)
    weights = np.column_stack(
        [found.conversions, np.zeros_like(found.nulls) if converting else found.nulls]
    )
    names, code = _named(found, weights.sum(axis=1), most)
    node = _nodes(found, code, steps, len(names))
    sums: dict[tuple[int, int], Floats] = {}
    for column in range(node.shape[1] - 1):
        _count(node[:, column], node[:, column + 1], weights, sums)
    end = (steps + 1) * _WIDTH
    _outcomes(node, weights, end, sums)
    return tuple(
        Link(
            source=_label(source, names, steps),
            target=_label(target, names, steps),
            journeys=float(amount.sum()),
            conversions=float(amount[0]),
        )
        for (source, target), amount in sorted(sums.items())
        if amount.sum() > 0
    )


_WIDTH = 1 << 20
_LATER = _WIDTH - 1


def _named(paths: Paths, weight: Floats, most: int) -> tuple[list[str], Ints]:
    """Names to show and each channel's number among them; the rest are the last one, "Other"."""
    rows = shape.rows_of(paths)
    size = len(paths.channels)
    counted = np.bincount(paths.tokens, weights=weight[rows], minlength=size)
    order = np.lexsort((np.arange(size), -counted))
    shown = order[:most] if size > most else order
    code = np.full(size, len(shown), dtype=np.int64)
    code[shown] = np.arange(len(shown))
    names = [paths.channels[channel] for channel in shown.tolist()]
    return ([*names, OTHER] if size > most else names), code


def _nodes(paths: Paths, code: Ints, steps: int, names: int) -> Ints:
    """Each row's node in columns 0..steps, column * width + name; -1 where the path has ended."""
    lengths = paths.lengths
    node = np.full((lengths.size, steps + 1), -1, dtype=np.int64)
    for column in range(steps):
        has = lengths > column
        node[has, column] = column * _WIDTH + code[paths.tokens[paths.offsets[:-1][has] + column]]
    node[lengths > steps, steps] = steps * _WIDTH + _LATER
    return node


def _count(
    source: Ints, target: Ints, weights: Floats, sums: dict[tuple[int, int], Floats]
) -> None:
    both = (source >= 0) & (target >= 0)
    if not both.any():
        return
    pairs, place = np.unique(
        np.column_stack([source[both], target[both]]), axis=0, return_inverse=True
    )
    amounts = np.zeros((len(pairs), 2))
    np.add.at(amounts, place.reshape(-1), weights[both])
    for (one, other), amount in zip(pairs.tolist(), amounts, strict=True):
        sums[one, other] = sums.get((one, other), np.zeros(2)) + amount


def _outcomes(node: Ints, weights: Floats, end: int, sums: dict[tuple[int, int], Floats]) -> None:
    """From each row's last node to how its journeys ended."""
    last = node[np.arange(len(node)), (node >= 0).sum(axis=1) - 1]
    for outcome in (0, 1):
        alone = np.zeros_like(weights)
        alone[:, outcome] = weights[:, outcome]
        _count(last, np.full(last.shape, end + outcome), alone, sums)


def _label(node: int, names: list[str], steps: int) -> tuple[int, str]:
    column, name = divmod(node, _WIDTH)
    if column == steps + 1:
        return column, (CONVERTED, LOST)[name]
    return column, LATER if name == _LATER else names[name]
