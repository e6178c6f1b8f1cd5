"""How often do people convert, given what touched them and how long ago? Regularised, from data.

The rate of converting at a moment, in conversions per day of a person, is

    lambda = u log(1 + exp(a + sum over channels c and spans s of beta[c, s] n[c, s])),

u the mean rate, n[c, s] the touches of c that lie back s (the ``EDGES``, in days). Far above the
mean effects add up, far below they multiply, and the rate is never negative. It is constant between
the moments at which a touch passes from one span to the next, so a journey is a few intervals, each
with its exposure, and the last of a converting one ends in a conversion: a Poisson regression,
whose ridge penalty the evidence of the data chooses. Journeys without a conversion are observed to
their end; without times a journey is one interval with all its touches.

What a touch contributed is what the rate at the conversion would lose without it.
Sources: Shao, Li (2011), "Data-driven multi-touch attribution models", KDD, for a regularised
conversion model whose touches are taken away in turn; Mei, Eisner (2017), "The neural Hawkes
process", NIPS, for the softplus of a rate; Friedman (1982), "Piecewise exponential
models for survival data with covariates", Annals of Statistics 10(1), for its likelihood; MacKay
(1992), "The evidence framework applied to classification networks", Neural Computation 4(5).
"""

from attribution.credit.rates.fit import Rates, fit
from attribution.credit.rates.foretell import at_moments
from attribution.credit.rates.intervals import EDGES
from attribution.credit.rates.removal import incremental, shared

__all__ = ["EDGES", "Rates", "at_moments", "fit", "incremental", "shared"]
