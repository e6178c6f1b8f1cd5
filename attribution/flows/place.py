"""Where one channel stands in journeys, what comes right before and after it. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from attribution.credit.paths import Paths
from attribution.flows import shape
from attribution.flows.shape import Bools
from attribution.flows.steps import CONVERTED, LOST, OTHER
from attribution.store.words import END, START

BEGIN = "Start"
TransitionRow = tuple[int, int, int, int, int]
Side = dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Journeys with the channel at one place; ``share`` is of all journeys with it, 0..1."""

    name: str
    journeys: float
    conversions: float
    share: float
    rate: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """What was right before or after the channel, in how many journeys' steps.

    ``conversions`` are the steps of converting journeys among ``steps``; ``share`` of all of them.
    """

    label: str
    steps: float
    conversions: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The ways into a channel and out of it, most steps first; both sides sum to ``steps``."""

    before: tuple[Neighbour, ...]
    after: tuple[Neighbour, ...]
    steps: float


def through(paths: Paths, channel: str) -> Paths:
    """The journeys that touch ``channel``; none where no path knows it."""
    if channel not in paths.channels:
        return shape.rows(paths, np.zeros(paths.lengths.size, dtype=np.bool_))
    token = paths.channels.index(channel)
    kept = np.zeros(paths.lengths.size, dtype=np.bool_)
    kept[shape.rows_of(paths)[paths.tokens == token]] = True
    return shape.rows(paths, kept)


def places(paths: Paths, channel: str) -> tuple[Place, ...]:
    """Alone, first, in between, last: touches of the same channel in a row are one.

    A journey that comes back to the channel stands at several places and counts at each of them.
    """
    found = shape.merged(through(paths, channel))
    if not found.lengths.size:
        return ()
    here = found.tokens == found.channels.index(channel)
    starts, ends = found.offsets[:-1], found.offsets[1:] - 1
    several = found.lengths > 1
    inner = here.copy()
    inner[starts] = inner[ends] = False
    between = np.zeros(several.size, dtype=np.bool_)
    between[shape.rows_of(found)[inner]] = True
    marks = {
        "Alone": ~several,
        "First": several & here[starts],
        "In between": between,
        "Last": several & here[ends],
    }
    total = float((found.conversions + found.nulls).sum())
    return tuple(_place(found, name, mark, total) for name, mark in marks.items())


def around(
    rows: Iterable[TransitionRow], key: int, label: Callable[[int], str], *, most: int
) -> Around:
    """Neighbours of ``key`` from transitions (before, after, converting, not, value).

    Steps from the channel to itself are left out: touches of it in a row are one visit. Only the
    ``most`` commonest channels of both sides together keep their names, so that the sides can be
    compared; the start and the outcomes always do.
    """
    into: Side = {}
    out: Side = {}
    for before, after, converting, nulls, _ in rows:
        if before == after:
            continue
        if after == key:
            _add(into, BEGIN if before == START else label(before), converting, nulls)
        elif before == key and after == END:
            _add(out, CONVERTED, converting, 0)
            _add(out, LOST, 0, nulls)
        elif before == key:
            _add(out, label(after), converting, nulls)
    kept = {BEGIN, CONVERTED, LOST} | _commonest(into, out, most)
    return Around(
        before=_side(into, kept),
        after=_side(out, kept),
        steps=float(sum(converting + nulls for converting, nulls in into.values())),
    )


def _place(paths: Paths, name: str, mark: Bools, total: float) -> Place:
    conversions = float(paths.conversions[mark].sum())
    journeys = conversions + float(paths.nulls[mark].sum())
    return Place(
        name=name,
        journeys=journeys,
        conversions=conversions,
        share=journeys / total if total else 0.0,
        rate=conversions / journeys if journeys else None,
    )


def _add(side: dict[str, tuple[float, float]], label: str, converting: float, nulls: float) -> None:
    had = side.get(label, (0.0, 0.0))
    side[label] = (had[0] + converting, had[1] + nulls)


def _commonest(into: Side, out: Side, most: int) -> set[str]:
    named = (into.keys() | out.keys()) - {BEGIN, CONVERTED, LOST}
    weight = {label: sum(into.get(label, ())) + sum(out.get(label, ())) for label in named}
    ranked = sorted(named, key=lambda label: (-weight[label], label))
    return set(ranked if len(ranked) <= most + 1 else ranked[:most])


def _side(found: Side, kept: set[str]) -> tuple[Neighbour, ...]:
    merged: dict[str, tuple[float, float]] = {}
    for label, amounts in found.items():
        if sum(amounts) > 0:
            _add(merged, label if label in kept else OTHER, *amounts)
    total = sum(sum(amounts) for amounts in merged.values())
    ranked = sorted(merged, key=lambda label: (label == OTHER, -sum(merged[label]), label))
    return tuple(
        Neighbour(
            label=label,
            steps=float(sum(merged[label])),
            conversions=float(merged[label][0]),
            share=sum(merged[label]) / total,
        )
        for label in ranked
    )
