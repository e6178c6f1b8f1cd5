"""People as a test tells them: what they did, in days and kinds of acts."""

import numpy as np

from attribution.behaviour.history import histories, joined
from attribution.behaviour.reading import Act
from attribution.behaviour.vocabulary import ARRIVALS, INTENTS, KINDS, PAGES

DAY = 86_400_000_000


def did(day, *, kind="page", page="product", intent="none", arrival="none", device=1, coupon=False):
    """An act on a day (a fraction counts): time and code."""
    code = Act(
        KINDS.index(kind), PAGES.index(page), INTENTS.index(intent), ARRIVALS.index(arrival),
        device, coupon,
    ).packed()  # fmt: skip
    return round(day * DAY), code


def people(*acts):
    """The histories of as many people as there are lists of acts."""
    packed = [joined(b"", each) for each in acts]
    return histories(packed, np.arange(len(acts)), len(acts))
