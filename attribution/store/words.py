"""The small integers the stores use instead of words. Appending to these tuples is safe."""

from attribution.contracts import By, Model
from kernel import money

DEVICES = ("unknown", "desktop", "mobile", "tablet")
"""Segments: the device class of a journey's last touch."""

FIRST_SEGMENT = 100
"""Segments from here on have their labels in the database; the devices stay below."""

FIRST_PROFILE = 10_000
"""From here on a segment is a behavioural profile and a device, in blocks of four devices."""

KINDS = ("visit", "click", "impression", "offline")
"""What a touch was."""

IMPRESSION = KINDS.index("impression")

PRECISIONS = ("minute", "hour", "day")
"""What is known of a touch's time."""

MERGE_RULES = ("counts", "same order", "same person, type and value")
"""Why a conversion counts, or does not beside another report of it."""

DIMENSIONS = (By.CHANNEL, By.CAMPAIGN, By.SOURCE)
"""Credit is kept for each; a dimension's number is its index."""

CONVERSION_TYPE = 3
"""The dimension number under which names of conversion types are interned."""

ADDITIVE = (
    Model.FIRST,
    Model.LAST,
    Model.LAST_NON_DIRECT,
    Model.LINEAR,
    Model.POSITION,
    Model.TIME_DECAY,
    Model.SHAPLEY,
)
"""Models whose credit is a sum over journeys; a model's number is its index."""

DIRECT = "Direct"
"""The label of the channel that last-non-direct passes over."""

UNIT = 1_000_000_000
"""Credit units in one conversion."""

MICRO = money.MICRO
"""Value units in one unit of money."""

NULLS = 0
"""The conversion type of null journeys."""

START, END = 0, -1
"""States of a transition that are not keys."""

NO_PROFILE = "No profile yet"
"""The label of people that belong to none of the behavioural profiles."""


def segment_of(device: int, profile: int) -> int:
    """The segment of a person of ``profile`` (a number from 1; 0: none yet) on a device."""
    return FIRST_PROFILE + len(DEVICES) * (profile - 1) + device if profile else device


def device_and_profile(segment: int) -> tuple[int, int]:
    """What ``segment_of`` put together."""
    if segment < FIRST_PROFILE:
        return segment, 0
    profile, device = divmod(segment - FIRST_PROFILE, len(DEVICES))
    return device, profile + 1
