"""Exact statistics of shares and of a tail's shape. Pure: counts in, probabilities out."""

import numpy as np
from scipy import stats

from fraud.ctit.clicks import Floats, Ints
from fraud.ctit.norms import HOUR, Window


def usual_elsewhere(found: Ints, of: Ints) -> Floats:
    """For each source the weighted median share of all the others: (sources,).

    The median of installs, not of sources: a source of ten installs says little. Up to half of the
    others' installs may be fraudulent without moving it past a clean source's share. Sources that
    have nobody beside them are compared with nothing: 0.
    """
    shares = found / np.maximum(of, 1)
    order = np.argsort(shares, kind="stable")
    usual = np.zeros(len(of))
    for place in range(len(of)):
        others = order[order != place]
        weight = np.cumsum(of[others])
        if weight.size and weight[-1] > 0:
            usual[place] = shares[others[np.searchsorted(weight, weight[-1] / 2)]]
    return usual


def above(found: Ints, of: Ints, share: Floats) -> Floats:
    """P(as many or more | the share): the upper tail of the binomial distribution."""
    p: Floats = stats.binom.sf(found - 1, of, share)
    return np.where(of > 0, p, 1.0)


def below(found: Ints, of: Ints, share: float) -> Floats:
    """P(as many or fewer | the share): the lower tail of the binomial distribution."""
    p: Floats = stats.binom.cdf(found, of, share)
    return np.where(of > 0, p, 1.0)


def share_interval(found: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """Clopper and Pearson's exact interval (1934) of a share."""
    if of == 0:
        return 0.0, 1.0
    interval = stats.binomtest(found, of).proportion_ci(level, method="exact")
    return float(interval.low), float(interval.high)


def flatness(seconds: Floats, window: Window) -> float:
    """How much better "flat" explains the times in the window than "fading", in nats per install.

    The log likelihood ratio of a uniform density to one that falls as 1/t, which is how people's
    installs thin out (as many between 2 and 4 hours as between 4 and 8): with t from a to b,
    mean of ln t + ln ln(b/a) - ln(b - a). Above 0 flat is likelier (Neyman and Pearson). 0: none.
    """
    inside = seconds[(seconds >= window.low) & (seconds < window.high)] / HOUR
    if not inside.size:
        return 0.0
    low, high = window.low / HOUR, window.high / HOUR
    return float(np.log(inside).mean() + np.log(np.log(high / low)) - np.log(high - low))


def detectable(of: int, share: float, size: float, power: float = 0.8) -> float | None:
    """The smallest true share that a test of this size finds with this power.

    ``None`` where ``of`` installs are too few for any.
    """
    if of <= 0:
        return None
    needed = int(stats.binom.isf(size, of, share)) + 1
    if needed > of:
        return None
    # The share at which `needed` or more come up with that probability: a quantile of the beta.
    return float(stats.beta.ppf(power, needed, of - needed + 1))
