"""The deep sequence model: attention over the touches of a journey and the gaps between them.

The rate of converting at a moment, in conversions per day of a person, is

    lambda = u softplus(b + sum over touches i of g[i] h[i]),
    h[i] = sum over k of a[c(i), k] exp(-lag[i] / t[k]),

c(i) the channel and lag[i] the days since touch i. Without the gates g it would be an additive
hazard with three speeds t of fading. A gate, 0..2, is what a small network makes of its touch and
of what attention brings it from the others: scaled dot-product attention (Vaswani et al. 2017,
"Attention is all you need", NIPS) that also sees how long after one another two touches came. All
channels begin alike, so what sets them apart is learned. The network is trained on the Poisson
likelihood of ``credit.held_out``; the journeys that began last stop the training and judge it. What
a touch caused is what the rate at the conversion loses when it is taken away, all others staying
(counterfactual removal, as for ``credit.rates``).

``training`` and ``export`` take torch, which the ``deep`` extra installs and the worker alone uses;
``scoring`` takes onnxruntime. Related: Li et al. (2018), "Deep neural net with attention for
multi-channel multi-touch attribution", arXiv:1809.02230 (attention, fading); Yang, Dyer, Wang
(2020), "Interpretable deep learning model for online multi-touch attribution", arXiv:2004.00384
(removal instead of attention weights, which are no effects).
"""

from importlib.util import find_spec


def installed() -> bool:
    """Whether this machine can train: torch is there."""
    return find_spec("torch") is not None
