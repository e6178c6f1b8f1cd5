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
    reached = np.cumsum(of[order])
    own, rank = of[order], np.arange(len(of))
    rest = reached[-1:] - own
    # The first place that reaches half of the rest, before one's own and, without one's own, after.
    before = np.searchsorted(2 * reached, rest)
    middle = np.where(before < rank, before, np.searchsorted(2 * reached, rest + 2 * own))
    usual = np.zeros(len(of))
    usual[order] = np.where(rest > 0, shares[order[np.minimum(middle, len(of) - 1)]], 0.0)
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


def flatness(source: Ints, seconds: Floats, sources: int, window: Window) -> Floats:
    """How much better "flat" explains a source's times in the window than "fading": (sources,).

    In nats per install: the log likelihood ratio of a uniform density to one that falls as 1/t,
    which is how people's installs thin out (as many between 2 and 4 hours as between 4 and 8):
    with t from a to b, mean of ln t + ln ln(b/a) - ln(b - a). Above 0 flat is likelier (Neyman and
    Pearson). 0 where nothing is in the window.
    """
    there = (seconds >= window.low) & (seconds < window.high)
    low, high = window.low / HOUR, window.high / HOUR
    inside = np.bincount(source[there], minlength=sources)
    total = np.bincount(source[there], np.log(seconds[there] / HOUR), sources)
    mean = total / np.maximum(inside, 1)
    return np.where(inside > 0, mean + np.log(np.log(high / low)) - np.log(high - low), 0.0)


def medians(source: Ints, seconds: Floats, sources: int) -> Floats:
    """The middle time of each source, not a number where it has none: (sources,)."""
    ordered = seconds[np.lexsort((seconds, source))]
    of = np.bincount(source, minlength=sources)
    first = np.cumsum(of) - of
    middles: Floats = np.full(sources, np.nan)
    some = of > 0
    low, high = (first + (of - 1) // 2)[some], (first + of // 2)[some]
    middles[some] = (ordered[low] + ordered[high]) / 2
    return middles


def detectable(of: Ints, share: float, size: float, power: float = 0.8) -> Floats:
    """The smallest true share that a test of this size finds with this power: (sources,).

    Not a number where ``of`` installs are too few for any.
    """
    needed = stats.binom.isf(size, of, share) + 1
    enough = (of > 0) & (needed <= of)
    # The share at which `needed` or more come up with that probability: a quantile of the beta.
    with np.errstate(invalid="ignore"):
        smallest: Floats = stats.beta.ppf(power, needed, of - needed + 1)
    return np.where(enough, smallest, np.nan)
