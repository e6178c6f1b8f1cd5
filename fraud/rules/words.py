"""Reasons as people read them: what was seen, and what people show."""

from fraud.contracts import EventFraud
from fraud.ctit.words import duration
from fraud.features import FEATURES
from fraud.rules.judge import Reason

NAMES = {
    EventFraud.CLICK_INJECTION: "click injection",
    EventFraud.CLICK_FLOODING: "click flooding",
    EventFraud.SDK_SPOOFING: "SDK spoofing",
    EventFraud.INSTALL_HIJACK: "install hijack",
    EventFraud.DEVICE_FARM: "device farm",
    EventFraud.BOT: "bot or emulator",
    EventFraud.DATA_CENTRE: "VPN or data centre",
    EventFraud.BEHAVIOUR: "behaviour no person shows",
    EventFraud.IN_APP: "in-app event fraud",
    EventFraud.MISATTRIBUTED: "organic install claimed",
}


def sentence(reason: Reason) -> str:
    """``0.3 s from click to install; people take 10 s and more``."""
    said = reason.says.format(value=amount(reason.feature, reason.value))
    return f"{said[:1].upper()}{said[1:]}; {reason.people}."


def amount(feature: str, value: float) -> str:
    """A feature's value in its unit."""
    unit = FEATURES[feature].unit
    if unit == "s":
        return duration(abs(value))
    if unit == "share":
        return f"{value:.0%}"
    if unit == "bits":
        return f"{value:.1f} bits"
    return f"{value:g}" if value == int(value) else f"{value:.2f}"
