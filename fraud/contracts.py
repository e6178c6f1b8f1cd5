"""The published words of fraud: its kinds, and the events about scores and refunds."""

from datetime import date
from enum import StrEnum

import msgspec

from eventlog.catalogue import event


class EventFraud(StrEnum):
    """The ten kinds of fraud that a single event can show."""

    CLICK_INJECTION = "click_injection"
    CLICK_FLOODING = "click_flooding"
    SDK_SPOOFING = "sdk_spoofing"
    INSTALL_HIJACK = "install_hijack"
    DEVICE_FARM = "device_farm"
    BOT = "bot"
    DATA_CENTRE = "data_centre"
    BEHAVIOUR = "behaviour"
    IN_APP = "in_app"
    MISATTRIBUTED = "misattributed"


class FraudType(StrEnum):
    """The kinds of fraud of the field that a source's installs can show."""

    CLICK_INJECTION = "click_injection"
    INSTALL_HIJACK = "install_hijack"
    CLICK_FLOODING = "click_flooding"
    CLICK_SPAM = "click_spam"


class Verdict(StrEnum):
    """What becomes of an event by a tenant's policy."""

    ALLOW = "allow"
    REVIEW = "review"
    BLOCK = "block"


class ScoredReason(msgspec.Struct, frozen=True, kw_only=True):
    """A clause of a rule that held, with the value that was seen and the points it brought."""

    rule: str
    feature: str
    value: float
    threshold: float
    points: float


class ScoredContribution(msgspec.Struct, frozen=True, kw_only=True):
    """What a feature added to the model's log-odds; ``value`` is ``None`` where nobody knows it.

    Honest events mostly lie between ``low`` and ``high``, ``None`` where that is not known.
    """

    feature: str
    value: float | None
    added: float
    low: float | None = None
    high: float | None = None


@event("fraud.scored", expires=True)
class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """An event was not simply let through: the decision with everything it was made from.

    ``event`` is the id of the event, ``type`` its type; the subject is the event's. ``score`` is 0
    to 100, ``confidence`` the share of the rules that could tell. ``features`` are all that were
    known; ``rules``, ``features_version`` and ``model`` name what they were held against (the
    model by its bytes' SHA-256, empty without one), ``review``, ``block`` and ``thresholds`` the
    tenant's policy then: the same decision can be made again from the record and what it names, to
    the bit. ``probability`` is the model's, ``contributions`` what moved it most where no rule
    gives a reason, ``entities`` the ids of whom and what the event counts for, ``window`` the
    person's last events (``fraud.scoring.steps``) where the model looked at them.
    """

    event: str
    type: str
    score: int
    confidence: float
    verdict: Verdict
    kind: EventFraud | None
    reasons: tuple[ScoredReason, ...]
    features: dict[str, float]
    rules: int
    features_version: str
    review: int
    block: int
    thresholds: dict[str, float]
    model: str = ""
    probability: float | None = None
    contributions: tuple[ScoredContribution, ...] = ()
    entities: dict[str, float] = {}
    window: tuple[tuple[float | None, ...], ...] = ()


@event("fraud.labelled", expires=True)
class Labelled(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody said what ``event`` was; a later word on it replaces this one.

    The subject is the event's; it counts for ``entities`` from when it was said. ``actor`` is a
    member's pseudonym, or the key or file it came by.
    """

    event: str
    type: str
    fraud: bool
    actor: str
    kind: EventFraud | None = None
    note: str = ""
    entities: dict[str, float] = {}


@event("fraud.label_withdrawn", expires=True)
class LabelWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """What ``actor`` said of ``event`` is taken back, as if it had not been said."""

    event: str
    actor: str


@event("fraud.model_registered")
class ModelRegistered(msgspec.Struct, frozen=True, kw_only=True):
    """A model was trained and passed its gate: a challenger from here on.

    ``model`` is the SHA-256 of its bytes; ``family`` what it is. ``figures`` were measured on the
    latest events, which it has not seen, with what it was grown with and held against;
    ``learned_from`` says from how many events, of which kinds and days (in seconds since 1970).
    """

    model: str
    family: str
    features_version: str
    figures: dict[str, float]
    learned_from: dict[str, int]


@event("fraud.model_promoted")
class ModelPromoted(msgspec.Struct, frozen=True, kw_only=True):
    """From here on ``model`` takes part in every score; empty: none does.

    ``before`` is the one it replaced, ``why`` a sentence, ``actor`` a member's pseudonym or the
    worker.
    """

    model: str
    before: str
    why: str
    actor: str


@event("fraud.policy_set")
class PolicySet(msgspec.Struct, frozen=True, kw_only=True):
    """From here on events are scored (``on``) and judged so; replaces the earlier policy.

    ``thresholds`` are the tenant's own, by rule, feature and test. ``actor`` is a member's
    pseudonym.
    """

    actor: str
    on: bool
    review: int
    block: int
    thresholds: dict[str, float]


@event("fraud.refund_due")
class RefundDue(msgspec.Struct, frozen=True, kw_only=True):
    """What was paid for touches of a source that were rejected, as far as was known then.

    ``decision`` is the id of the rejection's event; ``start`` and ``end`` its days, both included,
    ``None``: from the first. ``amount`` is in millionths of ``currency``. The event's subject is
    empty.
    """

    decision: str
    source: str
    amount: int
    currency: str
    end: date
    start: date | None = None


@event("fraud.refund_withdrawn")
class RefundWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """The rejection was taken back: nothing is due for it any more."""

    decision: str


@event("fraud.refund_settled")
class RefundSettled(msgspec.Struct, frozen=True, kw_only=True):
    """The publisher has paid or credited ``received`` millionths in all; a later one replaces it.

    ``actor`` is a member's pseudonym or a key's name.
    """

    decision: str
    received: int
    note: str
    actor: str
