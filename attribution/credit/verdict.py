"""What intervals allow to be said: who leads, what can't be told apart, ROAS, CPA, differences.

Everything here takes samples of credit that were drawn together (``Draws``), so that what moves all
channels at once cancels out of their differences.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import ndtri

from attribution.credit.bootstrap.intervals import LEVEL, amount_bounds
from attribution.credit.paths import Floats


class Standing(StrEnum):
    """What may be said of a channel.

    ``leads``: more credit than every other channel, beyond chance; ``trails``: less than some
    other, beyond chance; ``unseen``: too few samples give it any credit; ``undecided``: the rest.
    """

    LEADS = "leads"
    TRAILS = "trails"
    UNDECIDED = "undecided"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verdict:
    """``standing`` per channel; ``leader`` is the channel that leads, if one does.

    ``tied[c]`` are the numbers of the channels that can't be told from channel c.
    """

    standing: tuple[Standing, ...]
    leader: int | None
    tied: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Differences:
    """Channel row minus channel column, (channels, channels), with simultaneous bounds.

    With 95 % confidence *all* true differences lie within their bounds at once.
    """

    point: Floats
    low: Floats
    high: Floats


def differences(amounts: Floats, draws: Floats, level: float = LEVEL) -> Differences:
    """All pairwise differences of ``amounts`` (channels,) from their draws (channels, R).

    Of ROAS, too: give value and draws of value divided by cost.

    Bounds are point +- q * standard deviation of the difference, q the ``level`` quantile over the
    samples of the largest standardised deviation of any pair (max-T: Westfall, Young 1993,
    "Resampling-Based Multiple Testing", ch. 2).
    """
    point = amounts[:, None] - amounts[None, :]
    centred = draws - draws.mean(axis=1, keepdims=True)
    deviation = np.zeros_like(point)
    most = np.zeros(draws.shape[1])
    # A channel at a time: all pairs at once would take the memory of channels^2 samples.
    for channel in range(len(amounts)):
        spread = np.abs(centred[channel] - centred[channel + 1 :])
        each = np.sqrt((spread**2).sum(axis=1) / (draws.shape[1] - 1))
        deviation[channel, channel + 1 :] = deviation[channel + 1 :, channel] = each
        some = each > 0
        most = np.maximum(most, (spread[some] / each[some, None]).max(axis=0, initial=0.0))
    reach = float(np.quantile(most, level, method="weibull")) * deviation
    return Differences(point=point, low=point - reach, high=point + reach)


def verdict(amounts: Floats, draws: Floats, level: float = LEVEL) -> Verdict:
    """Who leads and who can't be told apart, by simultaneous bounds of all differences.

    A channel leads when it is above every other beyond chance; where there is one channel alone,
    it does not lead anything.
    """
    found = differences(amounts, draws, level)
    above = found.low > 0
    others = ~np.eye(len(amounts), dtype=np.bool_)
    unseen = (draws > 0).mean(axis=1) < level
    leads = [bool((above[c] | ~others[c]).all()) and len(amounts) > 1 for c in range(len(amounts))]
    tied = ~above & ~above.T & others
    return Verdict(
        standing=tuple(
            _standing(leads[c], bool(unseen[c]), bool(above[:, c].any()))
            for c in range(len(amounts))
        ),
        leader=leads.index(True) if any(leads) else None,
        tied=tuple(tuple(np.flatnonzero(tied[c]).tolist()) for c in range(len(amounts))),
    )


def against(
    amounts: Floats, draws: Floats, baseline: int, level: float = LEVEL
) -> tuple[Floats, Floats, Floats]:
    """Each amount (channels,) minus the ``baseline``'s: (point, low, high), bounds simultaneous.

    As ``differences``, for the channels against one alone: fewer pairs, narrower bounds (Dunnett's
    comparisons by resampling).
    """
    point = amounts - amounts[baseline]
    centred = draws - draws.mean(axis=1, keepdims=True)
    spread = np.abs(centred - centred[baseline])
    deviation = np.sqrt((spread**2).sum(axis=1) / max(draws.shape[1] - 1, 1))
    some = deviation > 0
    most = (spread[some] / deviation[some, None]).max(axis=0, initial=0.0)
    reach = float(np.quantile(most, level, method="weibull")) * deviation
    return point, point - reach, point + reach


def against_variance(
    amounts: Floats, variance: Floats, baseline: int, level: float = LEVEL
) -> tuple[Floats, Floats, Floats]:
    """As ``against`` where only variances (channels,) are known, taken for independent.

    Journeys that two channels share move both up together, so the bounds are rather too wide;
    Bonferroni over all other channels.
    """
    point = amounts - amounts[baseline]
    others = max(len(amounts) - 1, 1)
    deviation = np.sqrt(variance + variance[baseline])
    deviation[baseline] = 0.0
    reach = float(ndtri(1 - (1 - level) / 2 / others)) * deviation
    return point, point - reach, point + reach


def verdict_of_variance(
    amounts: Floats, variance: Floats, level: float = LEVEL
) -> tuple[Standing, ...]:
    """The standings where only variances (channels,) are known.

    Amounts of different channels are taken for independent, which makes differences look less sure
    than they are (a journey shared by two channels moves both); Bonferroni over all pairs.
    """
    count = len(amounts)
    pairs = max(count * (count - 1) / 2, 1)
    reach = float(ndtri(1 - (1 - level) / 2 / pairs)) * np.sqrt(
        variance[:, None] + variance[None, :]
    )
    above = amounts[:, None] - amounts[None, :] > reach
    others = ~np.eye(count, dtype=np.bool_)
    leads = [bool((above[c] | ~others[c]).all()) and count > 1 for c in range(count)]
    # As good as unseen: the chance of no credit at all, exp(-mean events), is not small.
    events = np.divide(amounts**2, variance, out=np.zeros_like(amounts), where=variance > 0)
    unseen = np.exp(-events) > 1 - level
    return tuple(
        _standing(leads[c], bool(unseen[c]), bool(above[:, c].any())) for c in range(count)
    )


def _standing(leads: bool, unseen: bool, beaten: bool) -> Standing:
    if leads:
        return Standing.LEADS
    if unseen:
        return Standing.UNSEEN
    return Standing.TRAILS if beaten else Standing.UNDECIDED


def roas(value: Floats, draws: Floats, cost: Floats) -> tuple[Floats, Floats, Floats]:
    """ROAS per channel with its interval: (point, low, high); NaN where nothing was spent.

    ``value`` (channels,) and its ``draws`` (channels, R) over what was spent, which is known.
    """
    known = np.where(cost > 0, cost, np.nan)
    low, high = amount_bounds(value, draws)
    return value / known, low / known, high / known


def cpa(conversions: Floats, draws: Floats, cost: Floats) -> tuple[Floats, Floats, Floats]:
    """Cost per acquisition with its interval: (point, low, high); NaN where nothing was spent.

    ``conversions`` (channels,) and their ``draws`` (channels, R); infinite where there may be none.
    """
    known = np.where(cost > 0, cost, np.nan)
    low, high = amount_bounds(conversions, draws)
    with np.errstate(divide="ignore"):
        return known / conversions, known / high, known / low
