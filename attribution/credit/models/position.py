"""Position based: fixed parts for the first and the last touch, the rest for those between."""

import numpy as np

from attribution.credit.errors import CreditError
from attribution.credit.models.base import Model, Params
from attribution.credit.paths import Floats


def check(params: Params) -> None:
    """Parts are numbers of at least 0 that leave something of at least 0 for the middle."""
    parts = (params["first"], params["last"])
    if not all(isinstance(part, int | float) and part >= 0 for part in parts):
        raise CreditError("first and last must be numbers of at least 0.")
    if not 0 < sum(parts) <= 1:
        raise CreditError("first and last must sum to more than 0 and at most 1.")


def weights(length: int, params: Params) -> Floats:
    """Weights of ``length`` touches; two touches share by the ratio of first to last."""
    first, last = float(params["first"]), float(params["last"])
    if length == 1:
        return np.ones(1)
    if length == 2:
        return np.array([first, last]) / (first + last)
    middle = np.full(length, (1.0 - first - last) / (length - 2))
    middle[0], middle[-1] = first, last
    return middle


MODEL = Model(
    name="position",
    title="Position based",
    formula="L=1: 1; L=2: first/(first+last), last/(first+last); "
    "else w[1]=first, w[L]=last, w[i]=(1-first-last)/(L-2)",
    source="Convention of the field (40/20/40, also called U-shaped).",
    defaults={"first": 0.4, "last": 0.4},
    check=check,
    by_position=weights,
)
