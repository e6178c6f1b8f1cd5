"""Which journeys convert? Ridge-regularised logistic regression on what a journey contains.

The feature of channel c is log(1 + x), x the number of its touches: the second touch of a channel
adds less than the first. The penalty is chosen by the evidence of the data (Laplace approximation),
so no data has to be held out and no seed is involved.
Sources: Shao, Li (2011), "Data-driven multi-touch attribution models", KDD; the evidence: MacKay
(1992), "The evidence framework applied to classification networks", Neural Computation 4(5).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attribution.credit.bootstrap.sampler import canonical
from attribution.credit.compiled import compiled
from attribution.credit.paths import Floats, Ints, Paths

PENALTIES = tuple(10.0**power for power in range(-2, 5))
_STEPS = 50
_ENOUGH = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Logistic:
    """Log odds of converting are ``intercept + coefficients . log1p(touches per channel)``."""

    channels: tuple[str, ...]
    intercept: float
    coefficients: Floats
    penalty: float
    evidence: float


def fit(paths: Paths) -> Logistic:
    """The fit with the penalty of most evidence; Newton's method, linear in touches per step."""
    paths = canonical(paths)  # so that the order of the rows can't move the last digits
    size = len(paths.channels)
    best: Logistic | None = None
    start = np.zeros(size + 1)
    journeys = paths.journeys
    rate = paths.total_conversions / journeys if journeys else 0.5
    start[size] = np.log(np.clip(rate, 1e-6, 1 - 1e-6) / np.clip(1 - rate, 1e-6, 1))
    for penalty in reversed(PENALTIES):
        start, value, hessian = _newton(paths, start, penalty)
        evidence = value + 0.5 * size * np.log(penalty) - 0.5 * np.linalg.slogdet(hessian)[1]
        if best is None or evidence > best.evidence:
            best = Logistic(
                channels=paths.channels,
                intercept=float(start[size]),
                coefficients=start[:size].copy(),
                penalty=penalty,
                evidence=float(evidence),
            )
    if best is None:
        raise AssertionError("there is at least one penalty")
    return best


def _newton(paths: Paths, start: Floats, penalty: float) -> tuple[Floats, float, Floats]:
    """Parameters, penalised log-likelihood and negative Hessian at the maximum."""
    size = start.size - 1
    ridge = np.full(size + 1, penalty)
    ridge[size] = 1e-2  # hardly held, but finite where all journeys end alike
    at = start
    value, gradient, hessian = _penalised(paths, at, ridge)
    for _ in range(_STEPS):
        step = np.linalg.solve(hessian, gradient)
        scale = 1.0
        # Near the top the likelihood is flat to its last digit, and the step knows better.
        least = value - 1e-12 * abs(value)
        while (tried := _penalised(paths, at + scale * step, ridge))[0] < least and scale > 1e-6:
            scale /= 2
        settled = np.abs(scale * step).max() <= _ENOUGH * (1 + np.abs(at).max())
        at = at + scale * step
        value, gradient, hessian = tried
        if settled:
            break
    return at, value, hessian


def _penalised(paths: Paths, at: Floats, ridge: Floats) -> tuple[float, Floats, Floats]:
    gradient, hessian = np.zeros(at.size), np.zeros((at.size, at.size))
    value = _sums(
        paths.tokens, paths.offsets, paths.conversions, paths.nulls, at, gradient, hessian
    )
    return (
        value - 0.5 * float(ridge @ at**2),
        gradient - ridge * at,
        hessian + np.diag(ridge),
    )


@compiled
def _sums(
    tokens: NDArray[Any],
    offsets: Ints,
    conversions: Floats,
    nulls: Floats,
    at: Floats,
    gradient: Floats,
    hessian: Floats,
) -> float:
    """Log-likelihood; adds its gradient and negative Hessian to the arrays."""
    last = at.size - 1
    times = np.zeros(last)
    held = np.empty(last + 1, np.int64)
    value = 0.0
    for row in range(offsets.size - 1):
        found = 0
        for place in range(offsets[row], offsets[row + 1]):
            if times[tokens[place]] == 0.0:
                held[found] = tokens[place]
                found += 1
            times[tokens[place]] += 1.0
        odds = at[last]
        for index in range(found):
            times[held[index]] = np.log1p(times[held[index]])
            odds += at[held[index]] * times[held[index]]
        count = conversions[row] + nulls[row]
        # log(1 + exp(odds)) without overflow.
        value += conversions[row] * odds - count * (max(odds, 0.0) + np.log1p(np.exp(-abs(odds))))
        share = 1.0 / (1.0 + np.exp(-odds))
        error, curve = conversions[row] - count * share, count * share * (1.0 - share)
        gradient[last] += error
        hessian[last, last] += curve
        for index in range(found):
            one = held[index]
            gradient[one] += error * times[one]
            hessian[one, last] += curve * times[one]
            hessian[last, one] += curve * times[one]
            for other in range(found):
                hessian[one, held[other]] += curve * times[one] * times[held[other]]
        for index in range(found):
            times[held[index]] = 0.0
    return value


def drops(paths: Paths, fitted: Logistic) -> Floats:
    """By how much the probability to convert falls when a touch is taken away: (touches,)."""
    out = np.empty(paths.tokens.size)
    _drops(paths.tokens, paths.offsets, fitted.coefficients, fitted.intercept, out)
    return out


@compiled
def _drops(
    tokens: NDArray[Any], offsets: Ints, coefficients: Floats, intercept: float, out: Floats
) -> None:
    times = np.zeros(coefficients.size)
    for row in range(offsets.size - 1):
        begin, end = offsets[row], offsets[row + 1]
        for place in range(begin, end):
            times[tokens[place]] += 1.0
        odds = intercept
        for place in range(begin, end):
            channel = tokens[place]
            odds += coefficients[channel] * np.log1p(times[channel]) / times[channel]
        whole = 1.0 / (1.0 + np.exp(-odds))
        for place in range(begin, end):
            count = times[tokens[place]]
            less = coefficients[tokens[place]] * (np.log1p(count) - np.log1p(count - 1.0))
            out[place] = whole - 1.0 / (1.0 + np.exp(less - odds))
        for place in range(begin, end):
            times[tokens[place]] = 0.0
