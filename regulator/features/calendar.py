"""Where on the clock an hour is, as points on circles: 23:00 is next to midnight."""

from collections.abc import Iterator

import numpy as np

from regulator.features.catalogue import CALENDAR, column
from regulator.features.series import DAY, Floats, Series

CIRCLES = {"hour": "Hour of the day (UTC)", "weekday": "Day of the week", "month": "Month"}
SIDES = {"sin": (np.sin, "sine"), "cos": (np.cos, "cosine")}


def columns(series: Series) -> Iterator[tuple[str, Floats]]:
    """The columns [hours, operators] by name, in the order of their declaration."""
    clock = series.clock()
    places = {
        "hour": (clock % DAY) / DAY, "weekday": (clock // DAY) / 7, "month": series.months() / 12,
    }  # fmt: skip
    for name in CIRCLES:
        for side, (of, _) in SIDES.items():
            told = of(2.0 * np.pi * places[name])
            yield f"{name}_{side}", np.repeat(told[:, None], len(series.operators), axis=1)


def _declare() -> None:
    for name, words in CIRCLES.items():
        for side in SIDES:
            doc = f"{words} on a circle: its {SIDES[side][1]}."
            column(CALENDAR, f"{name}_{side}", side, "this hour", doc)


_declare()
