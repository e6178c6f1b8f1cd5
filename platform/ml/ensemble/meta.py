"""The meta-learner: what each member weighs, and whether it is a member at all.

A logistic regression of the truth on the members' calibrated log-odds ("stacking", Wolpert 1992),
no weight below 0, drawn towards ``START``: few labels move it little. A candidate is taken in only
where the average precision of the whole, foretold by weights that had not seen the event, is better
with it than without by a paired bootstrap (``ml.training.versus``, 99 %).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from ml.ensemble.weights import START, TREES, Weights
from ml.features.layout import Floats
from ml.training.versus import Versus, versus

PULL = 8.0
"""How strongly weights are drawn to where they began, in nats for a distance of one."""
FOLDS = 5
DRAWS = 400
_LEAST_PULL = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a member adds: the average precision ``found`` without it and with it; ``kept``."""

    name: str
    found: Versus
    kept: bool


def weigh(margins: Mapping[str, Floats], truth: Floats) -> Weights:
    """The weights of members with calibrated ``margins`` (n,) for ``truth`` (n,).

    One member alone is as it is.
    """
    names = tuple(margins)
    if len(names) == 1:
        return Weights(of={names[0]: 1.0})
    stacked = np.stack([margins[name] for name in names], axis=1)
    start = np.array([START[name] for name in names])
    start = start / start.sum()

    def loss(values: Floats) -> tuple[float, Floats]:
        weights, shift = values[:-1], values[-1]
        scores = stacked @ weights + shift
        away = weights - start
        wrong = expit(scores) - truth
        told = float((np.logaddexp(0.0, scores) - truth * scores).sum())
        pull = PULL * float(away @ away) + _LEAST_PULL * shift**2
        slope = np.append(
            stacked.T @ wrong + 2 * PULL * away, wrong.sum() + 2 * _LEAST_PULL * shift
        )
        return told + pull, slope

    found = minimize(
        loss, np.append(start, 0.0), jac=True, method="L-BFGS-B",
        bounds=[*[(0.0, None)] * len(names), (None, None)],
    ).x  # fmt: skip
    return Weights(
        of={name: float(value) for name, value in zip(names, found[:-1], strict=True)},
        shift=float(found[-1]),
    )


def foretold(margins: Mapping[str, Floats], truth: Floats, *, seed: int) -> Floats:
    """The log-odds of the whole (n,), each by weights fitted to the other folds."""
    fold = _folds(truth, seed)
    found = np.empty(truth.size)
    for number in range(FOLDS):
        inside, outside = fold == number, fold != number
        weights = weigh({name: of[outside] for name, of in margins.items()}, truth[outside])
        found[inside] = weights({name: of[inside] for name, of in margins.items()})
    return found


def standings(
    margins: Mapping[str, Floats], truth: Floats, *, seed: int, candidates: Sequence[str]
) -> list[Standing]:
    """In the order of ``candidates``, what each adds to the trees and those kept before it."""
    kept, found = [TREES], []
    for name in candidates:
        without = {each: margins[each] for each in kept}
        both = {**without, name: margins[name]}
        compared = versus(
            truth, expit(foretold(without, truth, seed=seed)),
            expit(foretold(both, truth, seed=seed)), seed=seed, draws=DRAWS,
        )  # fmt: skip
        found.append(Standing(name=name, found=compared, kept=compared.better))
        if compared.better:
            kept.append(name)
    return found


def _folds(truth: Floats, seed: int) -> np.ndarray:
    """A fold for each event, of either truth as many in each."""
    rng, fold = np.random.default_rng(seed), np.empty(truth.size, dtype=np.int64)
    for rows in (np.flatnonzero(truth > 0), np.flatnonzero(truth <= 0)):
        fold[rng.permutation(rows)] = np.arange(rows.size) % FOLDS
    return fold
