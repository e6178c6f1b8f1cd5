"""From journeys to a fitted model's credit per day and key. Pure."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from attribution.contracts import By, Model
from attribution.credit import hazard, rates
from attribution.credit.attribute import widening
from attribution.credit.models import data_driven, ensemble, scaled, survival
from attribution.credit.paths import Floats, Ints, Paths

Details = dict[str, Any]
_SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observed:
    """Journeys, one per row of ``paths``, with day (days since 1970), segment and type (rows,).

    Type 0 are null journeys, which belong to every conversion type. ``keys`` are the ids of each
    touch (touches,) in every dimension.
    """

    paths: Paths
    keys: Mapping[By, Ints]
    day: Ints
    segment: Ints
    conversion_type: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Credits:
    """Credit by day, type, segment and key, one row each.

    ``credit`` and ``value`` with the sums of their squares over journeys, which are the variances a
    Poisson bootstrap of the journeys would find under the same weights, widened by what the fit
    itself is unsure of. Of a part of the days that is a little too wide: the fit is the same on all
    days, and its share of the deviation is largest in the sum of all.
    """

    day: Ints
    conversion_type: Ints
    segment: Ints
    key: Ints
    credit: Floats
    value: Floats
    credit_squares: Floats
    value_squares: Floats


def learn(observed: Observed, model: Model) -> tuple[dict[By, Credits], Details]:
    """Fit ``model`` to the journeys of each conversion type, and credit them; what was found.

    The fit is one of channels. What a touch earns, its channel, its campaign and its source earn,
    so the dimensions agree to the last touch.
    """
    parts: dict[By, list[Credits]] = {by: [] for by in observed.keys}
    details: Details = {}
    for kind in np.unique(observed.conversion_type[observed.conversion_type > 0]).tolist():
        rows = (observed.conversion_type == kind) | (observed.conversion_type == 0)
        mine = _rows(observed, rows)
        weights, found = _LEARNERS[model](mine.paths)
        weights = scaled.usable(mine.paths, weights)
        # How models are weighed is not weighed anew for every sample.
        given = {"shares": found["shares"]} if "shares" in found else {}
        wide = widening(mine.paths, str(model), seed=_SEED, **given)
        details[str(kind)] = found
        for by, keys in mine.keys.items():
            parts[by].append(_credits(mine, weights, wide, keys, kind))
    return {by: _joined(found) for by, found in parts.items()}, details


def _rows(observed: Observed, rows: Any) -> Observed:
    paths = observed.paths
    touches = np.repeat(rows, paths.lengths)
    return Observed(
        paths=paths.of(rows),
        keys={by: each[touches] for by, each in observed.keys.items()},
        day=observed.day[rows],
        segment=observed.segment[rows],
        conversion_type=observed.conversion_type[rows],
    )


def _survival(paths: Paths) -> tuple[Floats, Details]:
    params = survival.MODEL.defaults
    fitted = hazard.fit(paths, iterations=params["iterations"], navigational=params["navigational"])
    weights = hazard.incremental_weights(paths, fitted)
    return weights, {
        **_caused(paths, weights),
        "per_touch": dict(zip(paths.channels, fitted.beta.tolist(), strict=True)),
        "days": dict(zip(paths.channels, (1 / fitted.omega).tolist(), strict=True)),
    }


def _data_driven(paths: Paths) -> tuple[Floats, Details]:
    left, stays = hazard.without_returns(paths, data_driven.MODEL.defaults["navigational"])
    fitted = rates.fit(left)
    weights = np.zeros(paths.tokens.size)
    weights[stays] = rates.incremental(left, fitted)
    fresh = fitted.coefficients[:, 0].tolist()
    return weights, {
        **_caused(paths, weights),
        "penalty": fitted.penalty,
        "fresh": dict(zip(paths.channels, fresh, strict=True)),
    }


def _ensemble(paths: Paths) -> tuple[Floats, Details]:
    found = ensemble.agree(paths)
    sure = zip(paths.channels, found.by_channel.tolist(), strict=True)
    known = {name: each for name, each in sure if not math.isnan(each)}
    return found.weights, {
        **_caused(paths, found.weights),
        "confidence": known,
        "shares": dict(found.shares),
        "foretold": {name: each for name, each in found.foretold.items() if not math.isnan(each)},
    }


def _caused(paths: Paths, weights: Floats) -> Details:
    """Conversions that touches caused, and those that would have happened anyway."""
    caused = float((weights * np.repeat(paths.conversions, paths.lengths)).sum())
    return {"caused": caused, "baseline": paths.total_conversions - caused}


_LEARNERS: Mapping[Model, Callable[[Paths], tuple[Floats, Details]]] = {
    Model.DATA_DRIVEN: _data_driven,
    Model.SURVIVAL: _survival,
    Model.ENSEMBLE: _ensemble,
}


def _credits(observed: Observed, weights: Floats, wide: Floats, keys: Ints, kind: int) -> Credits:
    """Scaled to all conversions and all value of the type, summed by day, segment and key.

    ``wide`` (channels, 2) are the factors of the deviations of the touches' channels.
    """
    paths = observed.paths
    rows = np.repeat(np.arange(paths.offsets.size - 1), paths.lengths)
    used = (paths.conversions > 0)[rows] & (weights > 0)
    plain = np.array(
        [(weights * column[rows]).sum() for column in (paths.conversions, paths.value)]
    )
    totals = np.array([paths.total_conversions, paths.total_value])
    scale = np.divide(totals, plain, out=np.zeros(2), where=plain > 0)
    # A key touched twice in a journey earns one sum there, and its square.
    pairs, place = np.unique(np.column_stack([rows[used], keys[used]]), axis=0, return_inverse=True)
    part = np.bincount(place.reshape(-1), weights[used], len(pairs))
    row = pairs[:, 0]
    times, value_times = (
        np.bincount(place.reshape(-1), weights[used] * factor, len(pairs)) / part
        for factor in (wide[paths.tokens[used]] ** 2).T
    )
    credit = part * paths.conversions[row] * scale[0]
    value = part * paths.value[row] * scale[1]
    cells, cell = np.unique(
        np.column_stack([observed.day[row], observed.segment[row], pairs[:, 1]]),
        axis=0, return_inverse=True,
    )  # fmt: skip

    def sums(amounts: Floats) -> Floats:
        return np.bincount(cell.reshape(-1), amounts, len(cells)).astype(np.float64)

    return Credits(
        day=cells[:, 0],
        conversion_type=np.full(len(cells), kind, dtype=np.int64),
        segment=cells[:, 1],
        key=cells[:, 2],
        credit=sums(credit),
        value=sums(value),
        credit_squares=sums(credit**2 * times),
        value_squares=sums(value**2 * value_times),
    )


def _joined(parts: list[Credits]) -> Credits:
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Credits(
        day=np.concatenate([none, *(part.day for part in parts)]),
        conversion_type=np.concatenate([none, *(part.conversion_type for part in parts)]),
        segment=np.concatenate([none, *(part.segment for part in parts)]),
        key=np.concatenate([none, *(part.key for part in parts)]),
        credit=np.concatenate([nothing, *(part.credit for part in parts)]),
        value=np.concatenate([nothing, *(part.value for part in parts)]),
        credit_squares=np.concatenate([nothing, *(part.credit_squares for part in parts)]),
        value_squares=np.concatenate([nothing, *(part.value_squares for part in parts)]),
    )
