"""How far credit would move had other journeys been seen: a Poisson bootstrap, all samples at once.

The journey is the unit. Rows that stand for many journeys draw their conversions and their nulls
from Poisson distributions around the observed numbers, each by itself; value follows the
conversions. One pass over the rows adds up every sample, so 200 samples cost a few times one run.
A model that is fitted is fitted anew to some of the samples (``refits``).
Source: Hanley, MacGibbon (2006), "Creating non-parametric bootstrap samples using Poisson
frequencies", Computer Methods and Programs in Biomedicine 83(1).
"""

from attribution.credit.bootstrap.intervals import Draws, amount_bounds, bounds, gamma_bounds
from attribution.credit.bootstrap.sampler import Sampler, sampler

__all__ = ["Draws", "Sampler", "amount_bounds", "bounds", "gamma_bounds", "sampler"]
