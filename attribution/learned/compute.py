"""From journeys to a fitted model's credit per day and key, and per touch. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attribution.contracts import By, Model
from attribution.credit.attribute import widening
from attribution.credit.paths import Floats, Ints, Paths
from attribution.learned.cells import shared_out
from attribution.learned.learners import LEARNERS, Details, Found

_SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observed:
    """Journeys, one per row of ``paths``, with id, day (since 1970), segment and type (rows,).

    ``acquires`` (rows,) is 1 where the conversion won a new customer, else 0. Type 0 are null
    journeys, which belong to every conversion type. ``keys`` are the ids of each touch (touches,)
    in every dimension.
    """

    paths: Paths
    keys: Mapping[By, Ints]
    journey: Ints
    day: Ints
    segment: Ints
    conversion_type: Ints
    acquires: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Credits:
    """Credit by day, type, segment and key, one row each.

    ``credit`` and ``value`` with the sums of their squares over journeys, which are the variances a
    Poisson bootstrap of the journeys would find under the same weights, widened by what the fit
    itself is unsure of. Of a part of the days that is a little too wide: the fit is the same on all
    days, and its share of the deviation is largest in the sum of all. ``sure`` is credit times the
    confidence in it, of models that have one. ``acquired`` is the credit of new customers alone.
    """

    day: Ints
    conversion_type: Ints
    segment: Ints
    key: Ints
    credit: Floats
    value: Floats
    credit_squares: Floats
    value_squares: Floats
    sure: Floats
    acquired: Floats
    acquired_squares: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TouchCredits:
    """Credit of the touches of converting journeys, and the confidence in it where there is one.

    Journey ``i`` has the touches ``offsets[i]:offsets[i + 1]``, in the order they happened.
    """

    journey: Ints
    offsets: Ints
    credit: Floats
    confidence: Floats | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network:
    """A trained network, and by what its fit widens the deviation of each channel's credit."""

    artefact: bytes
    wide: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Learned:
    """A model's credit in every dimension and of every touch, and what the fits found, by type."""

    credits: Mapping[By, Credits]
    touches: tuple[TouchCredits, ...]
    details: Details
    artefacts: Mapping[str, bytes] = field(default_factory=dict)


def learn(
    observed: Observed, model: Model, *, networks: Mapping[str, Network] | None = None
) -> Learned:
    """Fit ``model`` to the journeys of each conversion type, and credit them.

    The fit is one of channels. What a touch earns, its channel, its campaign and its source earn,
    so the dimensions agree to the last touch. ``networks`` are trained already, by type.
    """
    parts: dict[By, list[Credits]] = {by: [] for by in observed.keys}
    touches: list[TouchCredits] = []
    details: Details = {}
    artefacts: dict[str, bytes] = {}
    for kind in np.unique(observed.conversion_type[observed.conversion_type > 0]).tolist():
        rows = (observed.conversion_type == kind) | (observed.conversion_type == 0)
        mine, network = _rows(observed, rows), (networks or {}).get(str(kind))
        found = LEARNERS[model](mine.paths, network.artefact if network else None)
        wide = _wide(mine.paths, model, found, network)
        details[str(kind)] = {
            **found.details,
            "wide": dict(zip(mine.paths.channels, wide.tolist(), strict=True)),
        }
        if found.artefact is not None:
            artefacts[str(kind)] = found.artefact
        amounts = shared_out(mine.paths, _cells(mine), found.weights)
        touches.append(_touches(mine, amounts, found))
        for by, keys in mine.keys.items():
            parts[by].append(_credits(mine, amounts, found, wide, keys, kind))
    return Learned(
        credits={by: _joined(each) for by, each in parts.items()},
        touches=tuple(touches),
        details=details,
        artefacts=artefacts,
    )


def _wide(paths: Paths, model: Model, found: Found, network: Network | None) -> Floats:
    """The factors of the deviations of channels (channels, 2); a network known keeps its own."""
    if model is Model.DEEP and network and set(paths.channels) <= set(network.wide):
        known: Floats = np.array([network.wide[name] for name in paths.channels])
        return known.reshape(-1, 2)
    # How models are weighed is not weighed anew for every sample.
    given = {"shares": found.details["shares"]} if "shares" in found.details else {}
    return widening(paths, str(model), seed=_SEED, **given)


def _rows(observed: Observed, rows: NDArray[np.bool_]) -> Observed:
    touches = np.repeat(rows, observed.paths.lengths)
    return Observed(
        paths=observed.paths.of(rows),
        keys={by: each[touches] for by, each in observed.keys.items()},
        journey=observed.journey[rows],
        day=observed.day[rows],
        segment=observed.segment[rows],
        conversion_type=observed.conversion_type[rows],
        acquires=observed.acquires[rows],
    )


def _cells(observed: Observed) -> Ints:
    """The number of each journey's day and segment: (rows,)."""
    both = np.column_stack([observed.day, observed.segment])
    return np.unique(both, axis=0, return_inverse=True)[1].reshape(-1)


def _touches(observed: Observed, amounts: Floats, found: Found) -> TouchCredits:
    converting = observed.paths.conversions > 0
    touches = np.repeat(converting, observed.paths.lengths)
    return TouchCredits(
        journey=observed.journey[converting],
        offsets=np.concatenate([[0], np.cumsum(observed.paths.lengths[converting])]),
        credit=amounts[touches, 0],
        confidence=None if found.confidence is None else found.confidence[touches],
    )


def _credits(
    observed: Observed, amounts: Floats, found: Found, wide: Floats, keys: Ints, kind: int
) -> Credits:
    """Summed by day, segment and key; a key touched twice in a journey earns one sum there."""
    paths = observed.paths
    rows = np.repeat(np.arange(paths.offsets.size - 1), paths.lengths)
    used = amounts.any(axis=1)
    pairs, place = np.unique(np.column_stack([rows[used], keys[used]]), axis=0, return_inverse=True)
    place, row = place.reshape(-1), pairs[:, 0]
    earned = amounts[used]
    credit, value = (_sums(place, column, len(pairs)) for column in earned.T)
    # A journey's variance is widened touch by touch, as much as its channel's is.
    spread = earned * wide[paths.tokens[used]]
    deviation, value_deviation = (_sums(place, column, len(pairs)) for column in spread.T)
    confidence = np.zeros(used.sum()) if found.confidence is None else found.confidence[used]
    sure = _sums(place, earned[:, 0] * confidence, len(pairs))
    new = observed.acquires[row]
    cells, cell = np.unique(
        np.column_stack([observed.day[row], observed.segment[row], pairs[:, 1]]),
        axis=0, return_inverse=True,
    )  # fmt: skip

    def sums(column: Floats) -> Floats:
        return _sums(cell.reshape(-1), column, len(cells))

    return Credits(
        day=cells[:, 0],
        conversion_type=np.full(len(cells), kind, dtype=np.int64),
        segment=cells[:, 1],
        key=cells[:, 2],
        credit=sums(credit),
        value=sums(value),
        credit_squares=sums(deviation**2),
        value_squares=sums(value_deviation**2),
        sure=sums(sure),
        acquired=sums(credit * new),
        acquired_squares=sums(deviation**2 * new),
    )


def _sums(place: Ints, column: Floats, size: int) -> Floats:
    return np.bincount(place, column, size).astype(np.float64)


_WHOLE = ("day", "conversion_type", "segment", "key")


def _joined(parts: list[Credits]) -> Credits:
    def column(name: str) -> Any:
        kind = np.int64 if name in _WHOLE else np.float64
        return np.concatenate([np.zeros(0, dtype=kind), *(getattr(part, name) for part in parts)])

    return Credits(**{name: column(name) for name in Credits.__dataclass_fields__})
