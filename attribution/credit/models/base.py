"""The shape of a model: a positional rule, a per-touch rule, or a computation over all paths."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from attribution.credit import passes
from attribution.credit.bootstrap.sampler import Sampler
from attribution.credit.errors import CreditError
from attribution.credit.paths import Floats, Ints, Paths

Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """Credit (n, 2) as conversions and value; removal effects (n, 2) for models that have them."""

    credit: Floats
    removal: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A way to credit touches; one file and one line in the registry each.

    ``by_position(length, params)`` gives the weights of a journey's touches where only places
    matter; ``by_touch(paths, params)`` the weights of all touches; both sum to 1 per journey.
    ``compute`` overrides the sum over them (or stands alone, for a model that isn't a sum over
    journeys); such a model also gives ``samples``: credit and removal effects of bootstrap samples,
    each (channels, 2, replicates). ``check`` raises ``CreditError`` for bad parameters.
    ``caused(paths, params)`` gives the part of its journey's conversion that each touch caused, for
    a model that leaves some to no touch: its credit is scaled to all that happened (``scaled``).
    ``symmetric`` says that only the set of channels of a journey matters, ``fitted`` that weights
    are fitted to the journeys, so that other journeys would have had other weights; so many samples
    are then fitted anew (``refits``) for the intervals.
    """

    name: str
    title: str
    formula: str
    source: str
    defaults: Params = field(default_factory=dict)
    check: Callable[[Params], None] | None = None
    by_position: Callable[[int, Params], Floats] | None = None
    by_touch: Callable[[Paths, Params], Floats] | None = None
    compute: Callable[[Paths, Params], Outcome] | None = None
    samples: Callable[[Sampler, Params], tuple[Floats, Floats | None]] | None = None
    caused: Callable[[Paths, Params], Floats] | None = None
    symmetric: bool = False
    fitted: bool = False
    refits: int = 40

    @property
    def additive(self) -> bool:
        """Whether credit is a sum over journeys, so that daily sums answer any range of dates."""
        return self.by_position is not None or self.by_touch is not None

    def settled(self, given: Params) -> dict[str, Any]:
        """Defaults overridden by ``given``; raises ``CreditError`` for what the model hasn't."""
        unknown = sorted(set(given) - set(self.defaults))
        if unknown:
            raise CreditError(f"The model {self.name} has no parameter {unknown[0]!r}.")
        params = {**self.defaults, **given}
        if self.check is not None:
            self.check(params)
        return params


def table_of(lengths: Ints, models: Sequence[tuple[Model, Params]]) -> tuple[Floats, Any]:
    """Weights (sum of distinct lengths, models) and where each length begins in them."""
    distinct = np.flatnonzero(np.bincount(lengths))
    starts = np.zeros(int(distinct[-1]) + 1 if distinct.size else 1, np.int64)
    starts[distinct] = np.cumsum(distinct) - distinct
    table = np.empty((int(distinct.sum()), len(models)))
    for column, (model, params) in enumerate(models):
        if model.by_position is None:
            raise CreditError(f"The model {model.name} is not positional.")
        parts = [model.by_position(int(length), params) for length in distinct]
        table[:, column] = np.concatenate(parts) if parts else 0.0
    return table, starts


def positional(paths: Paths, models: Sequence[tuple[Model, Params]]) -> list[Outcome]:
    """Credit under several positional models from one pass."""
    table, starts = table_of(paths.lengths, models)
    out = np.zeros((len(paths.channels), len(models), 2))
    passes.positional(
        paths.tokens, paths.offsets, paths.conversions, paths.value, table, starts, out
    )
    return [Outcome(credit=np.ascontiguousarray(out[:, place])) for place in range(len(models))]


def weighted(paths: Paths, weights: Floats) -> Outcome:
    """Credit under per-touch weights."""
    out = np.zeros((len(paths.channels), 2))
    passes.weighted(paths.tokens, paths.offsets, paths.conversions, paths.value, weights, out)
    return Outcome(credit=out)


def spread(paths: Paths, weights_of: Callable[[int], Floats]) -> Floats:
    """Weights of all touches from the weights of each length."""
    lengths = paths.lengths
    weights = np.empty(paths.tokens.size)
    for length in np.unique(lengths).tolist():
        rows = paths.offsets[:-1][lengths == length]
        weights[rows[:, None] + np.arange(length)] = weights_of(length)
    return weights


def positive(name: str, value: object) -> float:
    """``value`` as a number above 0 or ``CreditError``."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < np.inf:
        raise CreditError(f"{name} must be a number above 0.")
    return float(value)
