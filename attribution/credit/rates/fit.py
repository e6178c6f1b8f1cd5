"""The Poisson ridge regression: Newton's method, the penalty of most evidence."""

from dataclasses import dataclass

import numpy as np

from attribution.credit.bootstrap.sampler import canonical
from attribution.credit.compiled import compiled
from attribution.credit.paths import Floats, Ints, Paths
from attribution.credit.rates.intervals import SPANS, Intervals, Marks, intervals

PENALTIES = tuple(10.0**power for power in range(3, -2, -1))
_STEPS = 50
_ENOUGH = 1e-12
_LOOSE = 1e-2
"""Holds the intercept: hardly, but finite where nobody or everybody converts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rates:
    """``base`` is the logarithm of the conversions per day of a person whom nothing touched.

    ``coefficients`` (channels, spans) are added for a touch so far back.
    """

    channels: tuple[str, ...]
    base: float
    coefficients: Floats
    penalty: float
    evidence: float


def fit(paths: Paths) -> Rates:
    """Fit to all journeys of ``paths``. Without conversions or time, nothing has any effect."""
    paths = canonical(paths)  # so that the order of the rows can't move the last digits
    seen = intervals(paths)
    size = len(paths.channels) * SPANS
    start = np.zeros(size + 1)
    best = Rates(
        channels=paths.channels,
        base=-np.inf,
        coefficients=np.zeros((len(paths.channels), SPANS)),
        penalty=np.inf,
        evidence=-np.inf,
    )
    if not seen.events.sum() or not seen.exposure.sum():
        return best
    start[size] = np.log(seen.events.sum() / seen.exposure.sum())
    for penalty in PENALTIES:
        start, value, hessian = _newton(seen, start, penalty)
        evidence = value + 0.5 * size * np.log(penalty) - 0.5 * np.linalg.slogdet(hessian)[1]
        if evidence > best.evidence:
            best = Rates(
                channels=paths.channels,
                base=float(start[size]),
                coefficients=start[:size].reshape(-1, SPANS).copy(),
                penalty=penalty,
                evidence=float(evidence),
            )
    return best


def _newton(seen: Intervals, start: Floats, penalty: float) -> tuple[Floats, float, Floats]:
    """Parameters, penalised log-likelihood and negative Hessian at the maximum."""
    ridge = np.full(start.size, penalty)
    ridge[-1] = _LOOSE
    at = start
    value, gradient, hessian = penalised(seen, at, ridge)
    for _ in range(_STEPS):
        step = np.linalg.solve(hessian, gradient)
        scale = 1.0
        # Near the top the likelihood is flat to its last digit, and the step knows better.
        least = value - 1e-12 * abs(value)
        while (tried := penalised(seen, at + scale * step, ridge))[0] < least and scale > 1e-6:
            scale /= 2
        settled = np.abs(scale * step).max() <= _ENOUGH * (1 + np.abs(at).max())
        at = at + scale * step
        value, gradient, hessian = tried
        if settled:
            break
    return at, value, hessian


def penalised(seen: Intervals, at: Floats, ridge: Floats) -> tuple[float, Floats, Floats]:
    """Penalised log-likelihood at ``at`` with its gradient and negative Hessian."""
    gradient, hessian = np.zeros(at.size), np.zeros((at.size, at.size))
    value = _sums(
        seen.starts, seen.marks, np.log2(1.0 + seen.times), seen.exposure, seen.events,
        at, gradient, hessian,
    )  # fmt: skip
    return (
        value - 0.5 * float(ridge @ at**2),
        gradient - ridge * at,
        hessian + np.diag(ridge),
    )


@compiled
def _sums(
    starts: Ints,
    marks: Marks,
    strength: Floats,
    exposure: Floats,
    events: Floats,
    at: Floats,
    gradient: Floats,
    hessian: Floats,
) -> float:
    """Log-likelihood; adds its gradient and negative Hessian to the arrays."""
    last = at.size - 1
    value = 0.0
    for row in range(exposure.size):
        log = at[last]
        for one in range(starts[row], starts[row + 1]):
            log += at[marks[one]] * strength[one]
        expected = exposure[row] * np.exp(min(log, 500.0)) if exposure[row] > 0.0 else 0.0
        value += events[row] * log - expected
        error = events[row] - expected
        gradient[last] += error
        hessian[last, last] += expected
        for one in range(starts[row], starts[row + 1]):
            mark, much = marks[one], strength[one]
            gradient[mark] += error * much
            hessian[mark, last] += expected * much
            hessian[last, mark] += expected * much
            for other in range(starts[row], starts[row + 1]):
                hessian[mark, marks[other]] += expected * much * strength[other]
    return value
