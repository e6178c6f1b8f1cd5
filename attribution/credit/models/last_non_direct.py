"""Last non-direct touch: direct visits are passed over, unless there is nothing else."""

import numpy as np

from attribution.credit import passes
from attribution.credit.errors import CreditError
from attribution.credit.models.base import Model, Params
from attribution.credit.paths import Floats, Paths


def check(params: Params) -> None:
    """``direct`` is a tuple or list of channel names."""
    names = params["direct"]
    if not isinstance(names, tuple | list) or not all(isinstance(name, str) for name in names):
        raise CreditError("direct must be a list of channel names.")


def weights(paths: Paths, params: Params) -> Floats:
    """1 for the last touch whose channel is not direct (compared without case), else the last."""
    names = {name.casefold() for name in params["direct"]}
    passed_over = np.array([name.casefold() in names for name in paths.channels], np.bool_)
    found = np.zeros(paths.tokens.size)
    passes.last_allowed(paths.tokens, paths.offsets, passed_over, found)
    return found


MODEL = Model(
    name="last-non-direct",
    title="Last non-direct touch",
    formula="w[max {i : channel[i] not direct}] = 1; w[L] = 1 if all are direct",
    source="Google Analytics: last non-direct click.",
    defaults={"direct": ("direct", "(direct)")},
    check=check,
    by_touch=weights,
)
