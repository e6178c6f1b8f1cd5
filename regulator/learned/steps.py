"""The named steps of a training, in their order."""

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    """Where a training is."""

    LOAD = "load"
    SPLIT = "split"
    FIT = "fit"
    CALIBRATE = "calibrate"
    EXPORT = "export"
    PARITY = "parity"
    TRY = "try"
    GATE = "gate"
    REGISTER = "register"
    PROMOTE = "promote"


Told = Callable[[Step, str], None]
