"""In words, what a learned detector saw: which hours and figure, how unusual. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np

from regulator.detectors.baseline import deviations
from regulator.features.catalogue import CALENDAR, FEATURES
from regulator.features.series import FIGURES, Floats
from regulator.learned.levels import STEPS, windows
from regulator.learned.members import BASELINE, COURSE, Prepared
from regulator.learned.model import Model

_MOST = 3
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence or two, and the figures it stands on."""

    text: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


def say(given: Prepared, told: Floats, model: Model, operator: int, hour: int, leads: str) -> Said:
    """What the member that ``leads`` saw of an operator at an hour; ``told`` are the features."""
    if leads == COURSE:
        return _course(given, model, operator, hour)
    if leads == BASELINE:
        return _baseline(given, operator, hour)
    return _isolation(told[hour, operator])


def rarity(chance: float) -> str:
    """How often clean hours look as strange."""
    once = 1.0 / max(chance, 1e-9)
    if once >= 1e6:
        return "Fewer than one clean hour in a million is as strange."
    digits = 10 ** max(int(np.floor(np.log10(once))) - 1, 0)
    return f"About one clean hour in {int(round(once / digits) * digits):,} is as strange."


def _course(given: Prepared, model: Model, operator: int, hour: int) -> Said:
    """The two stretches of the window that are farthest from what the rest makes likely."""
    series = given.series
    of = windows(series, given.told, np.array([hour]), np.array([operator]))
    way = model.ways[model.way(series.operators[operator])]
    shares = way.shares(of)[0]
    apart = way.changes(of)[0]
    figure = int(np.abs(shares).mean(axis=0).argmax())
    begin = hour - STEPS + 1
    stretches = _stretches(shares[:, figure], apart[:, figure])
    told = " and ".join(
        f"{abs(np.expm1(change)):.0%} {'more' if change > 0 else 'fewer'} from "
        f"{series.at(begin + start):%H:%M} to {series.at(begin + end + 1):%H:%M}"
        for start, end, change in stretches
    )
    return Said(
        text=f"The 24 hours until {series.at(hour) + _HOUR:%H:%M} (UTC) on "
        f"{series.at(hour):%-d %B} did not go as this market's days go, though no single hour "
        f"need stand out. Held against what the rest of the day makes likely, {FIGURES[figure]} "
        f"were {told}.",
        evidence={
            "figure": FIGURES[figure], "window_started": series.at(begin).isoformat(),
            "deviations": [round(float(each), 3) for each in shares[:, figure]],
            "changes": [round(float(np.expm1(each)), 4) for each in apart[:, figure]],
        },
    )  # fmt: skip


def _stretches(shares: Floats, apart: Floats) -> list[tuple[int, int, float]]:
    """At most two runs of one sign with the most in them, in order: first, last, mean change."""
    cuts = np.flatnonzero(np.diff(np.sign(apart)) != 0) + 1
    runs = np.split(np.arange(apart.size), cuts)
    best = sorted(runs, key=lambda run: -float((shares[run] ** 2).sum()))[:2]
    return [
        (int(run[0]), int(run[-1]), float(apart[run].mean()))
        for run in sorted(best, key=lambda run: int(run[0]))
    ]


def _baseline(given: Prepared, operator: int, hour: int) -> Said:
    series = given.series
    apart = [
        abs(deviations(series.figure(name), given.wanted[:, :, place])[hour, operator])
        for place, name in enumerate(FIGURES)
    ]
    place = int(np.argmax(apart))
    seen, wanted = (
        float(series.values[hour, operator, place]),
        float(given.wanted[hour, operator, place]),
    )
    return Said(
        text=f"{FIGURES[place].capitalize()} at {series.at(hour):%H:%M} (UTC) on "
        f"{series.at(hour):%-d %B} were {seen:,.0f} where {wanted:,.0f} was to be expected from "
        "the same time of earlier weeks and from the market.",
        evidence={"figure": FIGURES[place], "seen": seen, "expected": wanted,
                  "deviations": float(apart[place])},
    )  # fmt: skip


def _isolation(row: Floats) -> Said:
    """The features that are farthest from the operator's own past."""
    own = np.array([feature.group != CALENDAR for feature in FEATURES])
    far = np.where(own & np.isfinite(row), np.abs(row), 0.0)
    places = np.argsort(-far, kind="stable")[:_MOST].tolist()
    names = FEATURES.names
    told = ", ".join(
        f"{names[place]} {abs(row[place]):.1f} deviations "
        f"{'above' if row[place] > 0 else 'below'} its median"
        for place in places
    )
    return Said(
        text=f"The hour's figures are unusual together, held against this operator's own weeks: "
        f"{told}.",
        evidence={"features": {names[place]: float(row[place]) for place in places}},
    )  # fmt: skip
