"""Pure decisions: whose word holds, what a no changes about an event, when an answer is due."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tenants.privacy.contracts import Purpose, Reason, Step

_WORDS = {
    Purpose.ANALYTICS: ("analytics", "performance", "statistics", "measurement"),
    Purpose.MARKETING: ("marketing", "advertising", "advertisement", "targeting", "ads"),
    Purpose.PERSONALISATION: (
        "personalisation", "personalization", "functional", "preferences",
    ),
}  # fmt: skip
_PURPOSES = {word: purpose for purpose, words in _WORDS.items() for word in words}
_NOT_A_LETTER = re.compile(r"[^a-z]+")

# What an event of these types is for, and hence turned away for when the person said no.
NEEDS: dict[str, Purpose] = {
    "web.page": Purpose.ANALYTICS,
    "app.screen": Purpose.ANALYTICS,
    "user.identified": Purpose.ANALYTICS,
    "user.aliased": Purpose.ANALYTICS,
    "user.grouped": Purpose.ANALYTICS,
    "ad.click": Purpose.MARKETING,
    "ad.impression": Purpose.MARKETING,
}
# What happened between the person and the organisation counts, but for nobody's profile.
COUNTED = frozenset({"conversion.recorded", "custom.tracked"})


@dataclass(frozen=True, slots=True)
class Word:
    """Yes or no, and when it was said."""

    granted: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What a person's decisions change about an event.

    ``refused_for`` turns it away. ``unlinked``: it counts, under a pseudonym of its own, and
    nothing is sealed. ``no_touch``: no touch, no query in its addresses. ``no_traits``: traits are
    dropped.
    """

    refused_for: Purpose | None = None
    unlinked: bool = False
    no_touch: bool = False
    no_traits: bool = False


NOTHING = Consequence()


def purpose_of(word: str) -> Purpose | None:
    """The purpose a sender's category stands for; ``None`` when it is none of ours."""
    return _PURPOSES.get(_NOT_A_LETTER.sub("", word.lower()))


def purposes_of(sent: Mapping[str, bool]) -> dict[Purpose, bool]:
    """A sender's categories as purposes; two categories of one purpose must both say yes."""
    found: dict[Purpose, bool] = {}
    for word, granted in sent.items():
        purpose = purpose_of(word)
        if purpose is not None:
            found[purpose] = granted and found.get(purpose, True)
    return found


def latest(words: Iterable[Word | None]) -> Word | None:
    """The last word; of two at the same moment, the no."""
    said = [word for word in words if word is not None]
    return max(said, key=lambda word: (word.at, not word.granted), default=None)


def consequence(type: str, denied: frozenset[Purpose]) -> Consequence:
    """What the ``denied`` purposes change about an event of ``type``."""
    if not denied:
        return NOTHING
    needs = NEEDS.get(type)
    if needs in denied:
        return Consequence(refused_for=needs)
    if needs is None and type not in COUNTED:
        return NOTHING
    return Consequence(
        unlinked=Purpose.ANALYTICS in denied,
        no_touch=Purpose.MARKETING in denied or Purpose.ANALYTICS in denied,
        no_traits=Purpose.PERSONALISATION in denied,
    )


# Requests: one month to answer, two more where it is complex (GDPR article 12(3)); a month is
# counted as 30 days, which is never late.
ANSWER_WITHIN = timedelta(days=30)
EXTENSION = timedelta(days=60)
CLOSING = frozenset({Step.COMPLETED, Step.REFUSED})
NEED_A_REASON: dict[Step, frozenset[str]] = {
    Step.EXTENDED: frozenset({str(Reason.COMPLEX)}),
    Step.REFUSED: frozenset(
        map(
            str,
            (
                Reason.IDENTITY_UNPROVEN,
                Reason.UNFOUNDED,
                Reason.LEGAL_OBLIGATION,
                Reason.NOT_FOUND,
            ),
        )
    ),
}
_SUBJECT = re.compile(r"[0-9a-f]{32}")
_REFERENCE = re.compile(r"[A-Za-z0-9#/-]{0,40}")


def due(received_on: date) -> date:
    """The day by which a request must be answered."""
    return received_on + ANSWER_WITHIN


def extended(received_on: date) -> date:
    """The day by which a complex request must be answered."""
    return received_on + ANSWER_WITHIN + EXTENSION


def is_subject(text: str) -> bool:
    """Whether ``text`` has the form of a pseudonym."""
    return _SUBJECT.fullmatch(text) is not None


def is_reference(text: str) -> bool:
    """Whether ``text`` may stand in the log: a ticket's number, and no room for a sentence."""
    return _REFERENCE.fullmatch(text) is not None
