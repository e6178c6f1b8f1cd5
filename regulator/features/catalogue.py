"""The regulator's features: their groups, and the set that each group's module adds to.

A row is an hour of an operator. The order in which they are declared is that of a model's inputs.
"""

from ml.features import FeatureSet

CALENDAR, INDUSTRY, RATIO, VOLUME = "calendar", "industry", "ratio", "volume"
FEATURES = FeatureSet((CALENDAR, INDUSTRY, RATIO, VOLUME))


def column(group: str, name: str, unit: str, window: str, doc: str) -> None:
    """Declare the column ``name`` as a feature."""
    FEATURES.feature(group, unit=unit, window=window, name=name, doc=doc)(lambda table: table[name])
