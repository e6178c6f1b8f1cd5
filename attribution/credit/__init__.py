"""Credit models as pure numerics: no Django, no database; from a notebook or from stored sums.

``attribute(paths, model="markov", order=2)`` takes a frame of path / conversions / value / nulls
with paths as "a > b > c" and answers a ``Credit``. ``attribute_all`` runs several models on one
parse. ``Paths`` is the same data as channel numbers, for callers that never had names.
``transition_counts`` and ``touch_weights`` are the additive pieces that stores keep;
``LiveChain`` follows journeys one by one.
"""

from attribution.credit.attribute import (
    Totals,
    attribute,
    attribute_all,
    markov_from_counts,
    touch_weights,
)
from attribution.credit.counts import TransitionCounts, transition_counts
from attribution.credit.errors import CreditError
from attribution.credit.live_chain import LiveChain
from attribution.credit.models import MODELS
from attribution.credit.models.base import Model
from attribution.credit.order_selection import OrderChoice, choose_order
from attribution.credit.parse import parse
from attribution.credit.paths import Paths
from attribution.credit.results import Credit
from attribution.credit.touches import per_journey_credit, touch_credit

__all__ = [
    "MODELS",
    "Credit",
    "CreditError",
    "LiveChain",
    "Model",
    "OrderChoice",
    "Paths",
    "Totals",
    "TransitionCounts",
    "attribute",
    "attribute_all",
    "choose_order",
    "markov_from_counts",
    "parse",
    "per_journey_credit",
    "touch_credit",
    "touch_weights",
    "transition_counts",
]
