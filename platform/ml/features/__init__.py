"""Features declared once and computed by two engines with the same result.

What an event says about itself is a column; what its ip, device or publisher did before is a
reading of a state, one per entity. The states are kept by ``replay`` (over the log, compiled) or
``online`` (in Redis, one round trip per batch); both know one layout (``layout``) and every
feature is a function of columns and readings (``declare``). A reading is taken before the event
is counted, so no feature knows its own event, a later one, or its label.
"""

from ml.features.declare import Feature, FeatureSet, Table
from ml.features.layout import NOBODY, Entities, Happening, Kind
from ml.features.online import Online
from ml.features.replay import Replay

__all__ = [
    "NOBODY",
    "Entities",
    "Feature",
    "FeatureSet",
    "Happening",
    "Kind",
    "Online",
    "Replay",
    "Table",
]
