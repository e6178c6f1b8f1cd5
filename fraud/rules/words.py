"""Reasons as people read them: what was seen, and what people show."""

from fraud.contracts import EventFraud, ScoredContribution
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

MEMBERS = {
    "last_events": "What the person did last, step by step",
    "unusual": "How unusual the event is",
    "ring": "Whom it was seen with",
}
"""What models beside the trees look at."""


def sentence(reason: Reason) -> str:
    """``0.3 s from click to install; people take 10 s and more``."""
    said = reason.says.format(value=amount(reason.feature, reason.value))
    return f"{said[:1].upper()}{said[1:]}; {reason.people}."


def contribution_sentence(each: ScoredContribution) -> str:
    """``Seconds from the click to the install: 0.3 s; honest events mostly 11 s to 3 h.``."""
    if each.feature in MEMBERS:
        sure = "not asked" if each.value is None else f"{each.value:.0%} likely to be fraud"
        return f"{MEMBERS[each.feature]}: {sure}."
    words = FEATURES[each.feature].doc.rstrip(".") if each.feature in FEATURES.names else ""
    seen = "not known" if each.value is None else amount(each.feature, each.value)
    said = f"{words or each.feature}: {seen}"
    if each.low is None or each.high is None:
        return f"{said}."
    low, high = amount(each.feature, each.low), amount(each.feature, each.high)
    usual = low if low == high else f"{low} to {high}"
    return f"{said}; honest events mostly {usual}."


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
