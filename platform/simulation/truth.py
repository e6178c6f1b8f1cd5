"""What really caused the purchases: expectations taken from the hazards, without sampling noise."""

from dataclasses import dataclass

import numpy as np

from simulation.advertiser import Floats, Ints, Simulation, touch_rates


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Expected purchases, and their expected value, that each channel caused: (channels,).

    ``baseline`` purchases would have happened without any touch. ``by_profile`` (profiles,
    channels) splits the purchases.
    """

    channels: tuple[str, ...]
    conversions: Floats
    value: Floats
    by_profile: Floats
    baseline: float


def truth(simulation: Simulation) -> Truth:
    """Remove a channel's touches and this many purchases are missing, in expectation.

    The hazard is additive, so what a channel causes is the sum over its touches of
    effect x lift x (1 - exp(-time left / decay)), whatever else touched the person.
    """
    market = simulation.market
    touches, profile = simulation.touches, simulation.profile
    rates = touch_rates(market, profile, touches, simulation.days)
    value = np.array([each.value for each in market.profiles])[profile[touches.person]]
    channels, profiles = len(market.channels), len(market.profiles)
    cell = profile[touches.person] * channels + touches.channel
    by_profile = _sums(cell, rates, profiles * channels)
    baseline = np.array([each.baseline_per_90_days for each in market.profiles])[profile]
    return Truth(
        channels=tuple(each.name for each in market.channels),
        conversions=_sums(touches.channel, rates, channels),
        value=_sums(touches.channel, rates * value, channels),
        by_profile=by_profile.reshape(profiles, channels),
        baseline=float(baseline.sum() * simulation.days / 90),
    )


def _sums(groups: Ints, amounts: Floats, size: int) -> Floats:
    """Sums of ``amounts`` by group: (size,)."""
    return np.bincount(groups, weights=amounts, minlength=size).astype(np.float64)
