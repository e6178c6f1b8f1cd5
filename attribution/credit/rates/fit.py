"""The Poisson ridge regression: Newton's method, the penalty of most evidence."""

from dataclasses import dataclass, replace

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
    """Conversions per day of a person: ``unit`` times the softplus of what touches add up to.

    The sum starts at ``base``; ``coefficients`` (channels, spans) are added for each touch so far
    back.
    """

    channels: tuple[str, ...]
    unit: float
    base: float
    coefficients: Floats
    penalty: float
    evidence: float


def fit(paths: Paths) -> Rates:
    """Fit to all journeys of ``paths``. Without conversions or time, nothing has any effect."""
    # So that the order of the rows can't move the last digits; when they began moves nothing.
    paths = canonical(replace(paths, began=None))
    seen = intervals(paths)
    size = len(paths.channels) * SPANS
    start = np.zeros(size + 1)
    nothing = Rates(
        channels=paths.channels,
        unit=0.0,
        base=0.0,
        coefficients=np.zeros((len(paths.channels), SPANS)),
        penalty=np.inf,
        evidence=-np.inf,
    )
    if not seen.events.sum() or not seen.exposure.sum():
        return nothing
    unit = float(seen.events.sum() / seen.exposure.sum())
    seen = replace(seen, exposure=seen.exposure * unit)
    best = nothing
    for penalty in PENALTIES:
        start, value, hessian = _newton(seen, start, penalty)
        evidence = value + 0.5 * size * np.log(penalty) - 0.5 * np.linalg.slogdet(hessian)[1]
        if evidence > best.evidence:
            best = Rates(
                channels=paths.channels,
                unit=unit,
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
    """Penalised log-likelihood at ``at`` with its gradient and negative Hessian.

    ``seen.exposure`` counts in units of 1/``unit`` days. Both parts are concave, so there is one
    maximum.
    """
    gradient, hessian = np.zeros(at.size), np.zeros((at.size, at.size))
    value = _sums(
        seen.starts, seen.marks, seen.times, seen.exposure, seen.events, at, gradient, hessian
    )
    return (
        value - 0.5 * float(ridge @ at**2),
        gradient - ridge * at,
        hessian + np.diag(ridge),
    )


@compiled
def softplus(x: float) -> float:
    """log(1 + exp(x)) without overflow; never quite 0."""
    return float(max(x, 0.0) + np.log1p(np.exp(-abs(x))) + 1e-300)


@compiled
def _sums(
    starts: Ints,
    marks: Marks,
    times: Marks,
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
        total = at[last]
        for one in range(starts[row], starts[row + 1]):
            total += at[marks[one]] * times[one]
        rate, slope = softplus(total), 1.0 / (1.0 + np.exp(-total))
        value += events[row] * np.log(rate) - exposure[row] * rate
        error = (events[row] / rate - exposure[row]) * slope
        bend = slope * (1.0 - slope)
        curve = exposure[row] * bend + events[row] * ((slope / rate) ** 2 - bend / rate)
        gradient[last] += error
        hessian[last, last] += curve
        for one in range(starts[row], starts[row + 1]):
            mark, many = marks[one], times[one]
            gradient[mark] += error * many
            hessian[mark, last] += curve * many
            hessian[last, mark] += curve * many
            for other in range(starts[row], starts[row + 1]):
                hessian[mark, marks[other]] += curve * many * times[other]
    return value
