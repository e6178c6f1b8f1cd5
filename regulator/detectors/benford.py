"""Leading digits: against Benford's law with limits that know the sample's size, or the own past.

An amount begins with the digits d with the chance log10(1 + 1/d) (Newcomb 1881, Benford 1938);
the mean absolute deviation (MAD) of the shares from it is Nigrini's measure (Forensic Analytics,
2012). His fixed cut-offs accuse every operator with few rows, since noise alone makes a MAD of
about 0.8 sqrt(p (1-p) / n). Here the limit is the quantile of the MAD of n amounts that do follow
the law: its mean exactly (De Moivre's mean absolute deviation of the binomial), its variance from
the exact variances and the covariances of folded normals, its skewness that of the limiting normal
vector, as a gamma distribution shifted to the three.

Amounts that people choose (stakes: 10, 20, 50) never follow the law: those are compared with the
operator's own earlier periods (chi-square of homogeneity), divided by how much earlier periods
vary among themselves, since bets of one player are alike (first-order correction of Rao & Scott,
JASA 1981).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

import numpy as np
from scipy import stats

from regulator.detectors.anomaly import Anomaly, Floats, Ints, Kind, severity

LEAST = 200
"""Fewer amounts say nothing: a fifth of them would have to be invented to be seen half the time."""
LEAST_PERIODS = 4
SIZE = 0.05
_SKEWNESS = {1: 0.415, 2: 0.124}
"""Of the sum of absolute deviations in the limit of large samples; the tests derive it again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Digits:
    """How one sample's leading digits compare with Benford's law."""

    count: int
    mad: float
    limit: float
    p_value: float
    chi_square: float
    chi_square_p: float
    excess: Floats
    """Share beyond the law's, per digit."""

    @property
    def conforms(self) -> bool:
        """Whether the deviation is one that honest samples of this size show."""
        return self.mad <= self.limit


def law(places: int = 2) -> Floats:
    """Benford's chances of the first (1) or first two (2) digits, from the smallest on."""
    digits = np.arange(10 ** (places - 1), 10**places, dtype=np.float64)
    chances: Floats = np.log10(1.0 + 1.0 / digits)
    return chances


def leading(amounts: Floats, places: int = 2) -> Ints:
    """The first digits of each amount that is not 0, whatever its sign and scale.

    Amounts are rounded to 15 significant digits first: what a decimal number loses in binary must
    not turn a 29 into a 28.
    """
    sizes = np.abs(np.asarray(amounts, dtype=np.float64))
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    powers = np.floor(np.log10(sizes))
    scaled = np.round(sizes / 10.0**powers, 12)
    scaled = np.where(scaled >= 10.0, scaled / 10.0, np.where(scaled < 1.0, scaled * 10.0, scaled))
    found: Ints = np.floor(np.round(scaled * 10 ** (places - 1), 10)).astype(np.int64)
    return found


def tally(amounts: Floats, places: int = 2) -> Ints:
    """How many amounts begin with each of the digits."""
    low = 10 ** (places - 1)
    counted: Ints = np.bincount(leading(amounts, places) - low, minlength=9 * low).astype(np.int64)
    return counted


def examine(counts: Ints, *, size: float = SIZE) -> Digits:
    """A tally of first (9 cells) or first two digits (90) against the law."""
    places = 1 if counts.size == 9 else 2
    total, chances = int(counts.sum()), law(places)
    shares = counts / max(total, 1)
    mad = float(np.abs(shares - chances).mean())
    expected = total * chances
    chi = float(((counts - expected) ** 2 / np.maximum(expected, 1e-300)).sum()) if total else 0.0
    noise = _noise(total, places)
    return Digits(
        count=total, mad=mad, limit=float(noise.ppf(1.0 - size)), p_value=float(noise.sf(mad)),
        chi_square=chi, chi_square_p=float(stats.chi2.sf(chi, chances.size - 1)),
        excess=shares - chances,
    )  # fmt: skip


def limit(count: int, places: int = 2, *, size: float = SIZE) -> float:
    """The MAD that a share ``size`` of honest samples of ``count`` amounts exceeds."""
    return float(_noise(count, places).ppf(1.0 - size))


@lru_cache(maxsize=512)
def _noise(count: int, places: int) -> stats.distributions.rv_frozen:
    """The distribution of the MAD of ``count`` amounts that follow the law."""
    chances, count = law(places), max(count, 1)
    means = _mean_deviation(count, chances)
    spread = np.sqrt(count * chances * (1.0 - chances))
    odds = chances / (1.0 - chances)
    rho = -np.sqrt(np.outer(odds, odds))
    shape = (2 / np.pi) * (np.sqrt(np.maximum(1 - rho**2, 0)) + rho * np.arcsin(rho) - 1)
    covariance = shape * np.outer(spread, spread)
    np.fill_diagonal(covariance, spread**2 - means**2)
    scale = count * chances.size
    mean, deviation = means.sum() / scale, sqrt(covariance.sum()) / scale
    skewness = _SKEWNESS[places]
    form = 4.0 / skewness**2
    step = deviation / sqrt(form)
    return stats.gamma(form, loc=mean - form * step, scale=step)


def _mean_deviation(count: int, chances: Floats) -> Floats:
    """E|X - np| of the binomial: 2 (1-p)^(n-m) p^(m+1) (m+1) C(n, m+1) with m = floor(np)."""
    above = np.floor(count * chances) + 1.0
    pmf = stats.binom.pmf(above, count, chances)
    found: Floats = 2.0 * above * (1.0 - chances) * pmf
    return found


def power(count: int, share: float, *, places: int = 2, size: float = SIZE) -> float:
    """The chance that ``share`` of amounts invented evenly over all digits is noticed by the MAD.

    The MAD of the mixture is taken as normal: cells shifted by share (1/k - p) have a folded normal
    deviation each (Leone, Nelson & Nottingham, Technometrics 1961).
    """
    chances = law(places)
    mixed = (1.0 - share) * chances + share / chances.size
    spread = np.sqrt(mixed * (1.0 - mixed) / count)
    shift = np.abs(mixed - chances)
    ratio = shift / spread
    means = spread * np.sqrt(2 / np.pi) * np.exp(-(ratio**2) / 2) + shift * (
        1.0 - 2.0 * stats.norm.cdf(-ratio)
    )
    variances = shift**2 + spread**2 - means**2
    bound = limit(count, places, size=size) * chances.size
    return float(stats.norm.sf((bound - means.sum()) / sqrt(variances.sum())))


def anomaly(counts: Ints, *, size: float = SIZE) -> Anomaly | None:
    """A finding where amounts that should follow the law do not; None for small samples too."""
    found = examine(counts, size=size)
    if found.count < LEAST or found.conforms:
        return None
    first = 1 if counts.size == 9 else 10
    most = [int(each) + first for each in np.argsort(found.excess)[::-1][:3]]
    named = ", ".join(map(str, most))
    return Anomaly(
        kind=Kind.DIGITS, started=0, ended=0, score=found.mad / found.limit,
        severity=severity(found.mad, found.limit),
        evidence={
            "count": found.count, "mad": found.mad, "limit": found.limit, "p": found.p_value,
            "chi_square": found.chi_square, "too_often": most,
        },
        explanation=f"The leading digits of {found.count:,} amounts are off what amounts that grow "
        f"by themselves show: on average by {found.mad:.4f} a digit, where {found.limit:.4f} is "
        f"usual for so many. Too often amounts begin with {named}.",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Homogeneity:
    """How one period's digits compare with earlier periods of the same operator."""

    count: int
    statistic: float
    freedom: int
    dispersion: float
    p_value: float


def against_history(past: Sequence[Ints], now: Ints) -> Homogeneity | None:
    """A period's tally against those of earlier periods; None where there is too little of either.

    The dispersion is the mean of the same statistic of each past period against the other ones, per
    degree of freedom, at least 1: what the operator's own periods differ by anyway.
    """
    periods = [each for each in past if each.sum() >= LEAST]
    if len(periods) < LEAST_PERIODS or now.sum() < LEAST:
        return None
    together = np.sum(periods, axis=0)
    own = [_two_sample(together - each, each) for each in periods]
    dispersion = max(1.0, sum(value for value, _ in own) / max(sum(free for _, free in own), 1))
    value, freedom = _two_sample(together, now)
    usual = freedom * (len(periods) - 1)
    return Homogeneity(
        count=int(now.sum()), statistic=value, freedom=freedom, dispersion=dispersion,
        p_value=float(stats.f.sf(value / freedom / dispersion, freedom, usual))
        if dispersion > 1.0 else float(stats.chi2.sf(value, freedom)),
    )  # fmt: skip


def _two_sample(first: Ints, second: Ints) -> tuple[float, int]:
    """Pearson's chi-square of two tallies and its degrees of freedom; rare digits are pooled."""
    both = np.vstack([first, second]).astype(np.float64)
    expected = both.sum(axis=0) * both.sum(axis=1).min() / both.sum()
    rare = expected < 5.0
    if rare.any():
        both = np.column_stack([both[:, ~rare], both[:, rare].sum(axis=1)])
    both = both[:, both.sum(axis=0) > 0]
    fitted = np.outer(both.sum(axis=1), both.sum(axis=0)) / both.sum()
    return float(((both - fitted) ** 2 / fitted).sum()), max(both.shape[1] - 1, 1)
