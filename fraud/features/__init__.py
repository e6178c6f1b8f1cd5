"""What is known of an event when it comes: 195 numbers, each declared once with its words.

``sight`` reads an event, ``gather`` makes columns, an engine of ``ml.features`` reads what was
before, ``FEATURES.matrix(table(...))`` is the model's input. docs/features.md lists them.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np

from fraud.features import (  # noqa: F401  # each declares its group, in this order
    aggregates,
    behavioural,
    device,
    network,
    source,
    temporal,
)
from fraud.features.catalogue import FEATURES
from fraud.features.entities import ENTITIES
from fraud.features.sighting import COLUMNS, TYPES, Sighting, gather, sight
from ml.features import Table
from ml.features.layout import READING_WIDTH, Floats

__all__ = [
    "COLUMNS", "ENTITIES", "FEATURES", "TYPES", "Sighting", "gather", "sight", "table", "wanted",
]  # fmt: skip


def table(columns: Mapping[str, Floats], readings: Floats) -> Table:
    """Events and readings as the features want them."""
    return Table(entities=ENTITIES, columns=columns, readings=readings)


@cache
def wanted() -> dict[str, list[int]]:
    """By entity, what the features read of its state: an engine need not tell more."""
    one = np.zeros((1, len(ENTITIES.names), READING_WIDTH))
    return FEATURES.reads(table(dict.fromkeys(COLUMNS, np.zeros(1)), one))
