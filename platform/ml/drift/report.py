"""What has drifted of a model's inputs and outputs: one report of two lots of counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.drift import measures
from ml.drift.bins import UNKNOWN, Bins
from ml.drift.counting import Counts
from ml.features.layout import Floats

LEAST_EVENTS = 500
"""Fewer events are not judged. Events of one sender resemble each other, so that 500 tell as much
as far fewer that were drawn alone: from some 140 on chance does not reach the limit of the PSI."""
LEAST_SHARE = 0.1
"""Of the features, those that have drifted from which on the inputs have.

Traffic always moves a little somewhere; one feature that matters shows in what the model says.
"""
_MIDDLE = (0.25, 0.75)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Where the middle half of the known values lies, as wide as its bins.

    ``None``: below, or above, there is no edge. ``unknown``: the share that is not known.
    """

    low: float | None
    high: float | None
    unknown: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A feature or output, then and now. ``chance``: the PSI that chance alone may reach."""

    name: str
    psi: float
    chance: float
    ks: float
    drifted: bool
    then: Spread
    now: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``events`` held against ``learned`` ones; ``features`` with the greatest PSI first.

    ``outputs`` are held against events that the model had not seen.
    """

    events: int
    learned: int
    features: tuple[Column, ...]
    outputs: tuple[Column, ...]

    @property
    def enough(self) -> bool:
        """Whether there are events enough to judge by."""
        return self.events >= LEAST_EVENTS

    @property
    def share(self) -> float:
        """Of the features, the share that has drifted."""
        return len(self.moved) / len(self.features) if self.features else 0.0

    @property
    def moved(self) -> tuple[Column, ...]:
        """The features that have drifted, the worst first."""
        return tuple(each for each in self.features if each.drifted)

    @property
    def inputs_drifted(self) -> bool:
        """Whether so many features have drifted that the inputs have."""
        return self.enough and self.share >= LEAST_SHARE

    @property
    def outputs_drifted(self) -> bool:
        """Whether what the model says is distributed otherwise."""
        return self.enough and any(each.drifted for each in self.outputs)

    @property
    def output_psi(self) -> float:
        """The greatest PSI of an output."""
        return max((each.psi for each in self.outputs), default=0.0)


def report(
    names: Sequence[str], bins: Bins, then: Counts, now: Counts, *, outputs: Sequence[str],
    apart: Sequence[str] = (),
) -> Report:  # fmt: skip
    """Hold what was counted ``now`` against ``then``, columns named ``names``.

    Of the columns, ``outputs`` are told by themselves and those ``apart`` are left out.
    """
    psi, chance = measures.psi(then, now), measures.chance(then, now)
    ks, moved = measures.ks(then, now), measures.drifted(then, now)
    columns = {
        name: Column(
            name=name, psi=float(psi[place]), chance=float(chance[place]), ks=float(ks[place]),
            drifted=bool(moved[place]), then=_spread(bins.of(place), then[place]),
            now=_spread(bins.of(place), now[place]),
        )
        for place, name in enumerate(names)
    }  # fmt: skip
    features = [each for name, each in columns.items() if name not in {*outputs, *apart}]
    return Report(
        events=int(now.sum(axis=1).max(initial=0)), learned=int(then.sum(axis=1).max(initial=0)),
        features=tuple(sorted(features, key=lambda each: (-each.psi, each.name))),
        outputs=tuple(columns[name] for name in outputs),
    )  # fmt: skip


def _spread(edges: Floats, counts: Counts) -> Spread:
    known, total = counts[:UNKNOWN], int(counts.sum())
    share = float(counts[UNKNOWN]) / total if total else 0.0
    if not known.sum():
        return Spread(low=None, high=None, unknown=share)
    reached = np.cumsum(known) / known.sum()
    first, last = (int(np.searchsorted(reached, each)) for each in _MIDDLE)
    return Spread(
        low=float(edges[first - 1]) if first else None,
        high=float(edges[last]) if last < edges.size else None, unknown=share,
    )  # fmt: skip
