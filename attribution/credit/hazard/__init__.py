"""When do people convert? An additive hazard whose parts fade, fitted by EM with censoring.

At time t the rate at which a person converts is

    lambda(t) = mu + sum over past touches i of beta[c(i)] omega[c(i)] exp(-omega[c(i)] (t - t_i))

``beta[c]`` is the number of conversions one touch of channel c causes in all, 1/``omega[c]`` the
mean days it takes. Journeys without a conversion are censored at their end. What people about to
buy do to come back (``returns``) is taken out first.
Sources: Zhang, Wei, Ren (2014), "Multi-touch attribution in online advertising with survival
theory", ICDM; Shender et al. (2023), "A time to event framework for multi-touch attribution",
arXiv:2009.08432; for the EM of a superposition of decaying intensities: Veen, Schoenberg (2008),
"Estimation of space-time branching process models in seismology using an EM-type algorithm", JASA.
"""

from attribution.credit.hazard.fit import Hazard, ages_of, fit, incremental_weights
from attribution.credit.hazard.foretell import at_moments
from attribution.credit.hazard.returns import without_returns

__all__ = ["Hazard", "ages_of", "at_moments", "fit", "incremental_weights", "without_returns"]
