"""The features of fraud: their groups, and the set that each group's module adds to.

The order in which they are declared is the order of a model's inputs.
"""

import numpy as np

from ml.features import FeatureSet, Kind, Table
from ml.features.layout import Floats

TEMPORAL, DEVICE, NETWORK = "temporal", "device", "network"
BEHAVIOURAL, SOURCE, AGGREGATES = "behavioural", "source", "aggregates"
FEATURES = FeatureSet((TEMPORAL, DEVICE, NETWORK, BEHAVIOURAL, SOURCE, AGGREGATES))


def said(group: str, column: str, unit: str, doc: str) -> None:
    """Declare what the event says of itself under ``column`` as a feature of that name."""
    FEATURES.feature(group, unit=unit, name=column, doc=doc)(lambda table: table[column])


def read(
    group: str, entity: str, column: str, *, name: str, unit: str, window: str, doc: str
) -> None:  # fmt: skip
    """Declare what is read of an ``entity`` under ``column`` as a feature."""
    FEATURES.feature(group, unit=unit, window=window, name=name, doc=doc)(
        lambda table: table.of(entity)[column]
    )


def ratio(
    group: str, entity: str, top: str, bottom: str, *, name: str, unit: str, window: str, doc: str,
    prior: float = 0.0,
) -> None:  # fmt: skip
    """Declare ``top`` by ``bottom`` of an ``entity`` as a feature; ``prior`` pulls it to zero."""

    def compute(table: Table) -> Floats:
        reading = table.of(entity)
        return reading[top] / (reading[bottom] + prior)

    FEATURES.feature(group, unit=unit, window=window, name=name, doc=doc)(compute)


def only(table: Table, kind: Kind, values: Floats) -> Floats:
    """``values`` for events of a kind, NaN for the others."""
    return np.where(table["kind"] == kind, values, np.nan)


def variation(mean: Floats, variance: Floats, of: Floats) -> Floats:
    """The coefficient of variation; NaN for fewer than three."""
    return np.where(of >= 3, np.sqrt(variance) / mean, np.nan)
