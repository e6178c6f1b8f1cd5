"""The published words of fraud: its kinds, and the events about refunds."""

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
