"""The features of fraud: their groups, and the set that each group's module adds to.

The order in which they are declared is the order of a model's inputs.
"""

import numpy as np

from ml.features import FeatureSet, Kind, Table
from ml.features.layout import Floats

TEMPORAL, DEVICE, NETWORK = "temporal", "device", "network"
BEHAVIOURAL, SOURCE, AGGREGATES = "behavioural", "source", "aggregates"
FEATURES = FeatureSet((TEMPORAL, DEVICE, NETWORK, BEHAVIOURAL, SOURCE, AGGREGATES))


def only(table: Table, kind: Kind, values: Floats) -> Floats:
    """``values`` for events of a kind, NaN for the others."""
    return np.where(table["kind"] == kind, values, np.nan)


def variation(mean: Floats, variance: Floats, of: Floats) -> Floats:
    """The coefficient of variation; NaN for fewer than three."""
    return np.where(of >= 3, np.sqrt(variance) / mean, np.nan)
