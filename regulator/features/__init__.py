"""What is known of an operator's hour: numbers that are each declared once, with their words.

``matrix`` makes them of arrays [hours, operators]; nothing after an hour is used for it.
docs/regulator-features.md lists them.
"""

import numpy as np

from ml.features import Entities, Table
from ml.features.layout import READING_WIDTH
from regulator.features import calendar, industry, ratios, volumes  # each declares its group
from regulator.features.catalogue import FEATURES
from regulator.features.series import FIGURES, Floats, Series, SeriesUnusable

__all__ = ["FEATURES", "FIGURES", "Series", "SeriesUnusable", "matrix", "table"]
_GROUPS = (calendar, industry, ratios, volumes)


def table(series: Series) -> Table:
    """The columns of all hours of all operators: those of the first hour come first."""
    columns = {
        name: np.ascontiguousarray(values).ravel()
        for group in _GROUPS
        for name, values in group.columns(series)
    }
    rows = len(series) * len(series.operators)
    return Table(
        entities=Entities({}), columns=columns, readings=np.empty((rows, 0, READING_WIDTH))
    )


def matrix(series: Series) -> Floats:
    """All features, [hours, operators, features]; NaN where one can't be known."""
    found = FEATURES.matrix(table(series))
    return found.reshape(len(series), len(series.operators), len(FEATURES))
