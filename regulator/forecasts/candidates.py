"""What a series can be forecast by: each member, and mixtures of them, with their names. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from regulator.detectors.anomaly import Floats

MEMBERS = {
    "naive": "last year's months",
    "ets": "ETS",
    "arima": "ARIMA",
    "theta": "Theta",
    "prophet": "Prophet",
    "daily": "Prophet by day",
    "held": "hold times handle",
    "level": "level times season",
}
"""All members, in the words of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """A weighted mean of members; ``weights`` add up to 1."""

    name: str
    weights: Mapping[str, float]


MIXTURES = {
    "mean": Mixture(
        name="mean of last year's months, ARIMA and Theta",
        weights={"naive": 1 / 3, "arima": 1 / 3, "theta": 1 / 3},
    ),
    "structured": Mixture(
        name="half hold times handle, half mean of last year's months, ARIMA and Theta",
        weights={"held": 1 / 2, "naive": 1 / 6, "arima": 1 / 6, "theta": 1 / 6},
    ),
    "broad": Mixture(
        name="hold times handle and level times season (60 %), "
        "mean of last year's months, ARIMA and Theta (40 %)",
        weights={"held": 0.35, "level": 0.25} | dict.fromkeys(("naive", "arima", "theta"), 0.4 / 3),
    ),
    "all": Mixture(
        name="mean of all but Prophet",
        weights=dict.fromkeys(("naive", "ets", "arima", "theta", "held", "level"), 1 / 6),
    ),
}
MEDIAN = "median"
_OF_MEDIAN = ("naive", "ets", "arima", "theta", "held", "level")
UNTRIED = "broad"
"""What a series gets that has no trial, in a market that has none either."""
NAMES = {
    **MEMBERS,
    **{key: each.name for key, each in MIXTURES.items()},
    MEDIAN: "median of all but Prophet",
    "share": "its share of the market",
}


def all_of(members: Mapping[str, Floats]) -> dict[str, Floats]:
    """Every candidate's forecast from those of its members (any shape, all the same).

    A member that is missing has its weight spread over the others of a mixture.
    """
    found = dict(members)
    for key, mixture in MIXTURES.items():
        present = {each: weight for each, weight in mixture.weights.items() if each in members}
        total = sum(present.values())
        if total:
            parts = [weight / total * members[each] for each, weight in present.items()]
            found[key] = np.sum(parts, axis=0)
    middle = [members[each] for each in _OF_MEDIAN if each in members]
    if middle:
        found[MEDIAN] = np.median(middle, axis=0)
    return found
