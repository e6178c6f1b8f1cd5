"""The words of this app: what operators send and file, what they are, and what is found.

Amounts are whole numbers of the currency's smallest unit (cents). A *player* is the operator's own
pseudonym of somebody; the product never learns whose.
"""

from datetime import date
from enum import StrEnum

import msgspec

from eventlog.catalogue import event


class GameType(StrEnum):
    """What was played."""

    SLOTS = "slots"
    TABLE = "table"
    SPORTS = "sports"
    POKER = "poker"
    BINGO = "bingo"
    LOTTERY = "lottery"


class RecordKind(StrEnum):
    """What a record of a feed tells."""

    STAKE = "stake"
    PAYOUT = "payout"
    REFUND = "refund"
    NO_ACTIVITY = "no_activity"


class TaxBase(StrEnum):
    """What a tax is a share of."""

    GGR = "ggr"
    STAKES = "stakes"


class FindingKind(StrEnum):
    """Which sort of check found something."""

    FORMAT = "format"
    CONTENT = "content"
    EXTERNAL = "external"
    STUDY = "study"


class Severity(StrEnum):
    """How bad a finding is, the worst first."""

    CRITICAL = "critical"
    WARNING = "warning"
    NOTE = "note"


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What every record says: its operator, number and the operator's own id of it."""

    operator: str
    sequence: int
    event: str


class Played(Record, frozen=True, kw_only=True):
    """A record about money; ``amount`` is in the currency's smallest unit."""

    amount: int
    currency: str
    game_type: str
    player: str


@event("gaming.stake")
class Stake(Played, frozen=True, kw_only=True):
    """A player staked an amount."""


@event("gaming.payout")
class Payout(Played, frozen=True, kw_only=True):
    """A player won an amount back."""


@event("gaming.refund")
class Refund(Played, frozen=True, kw_only=True):
    """A stake was given back: the bet does not count."""


@event("gaming.no_activity")
class NoActivity(Record, frozen=True, kw_only=True):
    """The operator says that nothing was played from ``since`` until the event's time."""

    since: str


class Fault(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A record that was turned away because it contradicts one that was taken before.

    ``held`` is the number of the one that was taken; 0 where receipts did not say so yet.
    """

    sequence: int
    code: str
    held: int = 0


@event("gaming.batch_received")
class BatchReceived(msgspec.Struct, frozen=True, kw_only=True):
    """A batch of a feed was taken, and its sender got the signed ``receipt``.

    ``fresh`` of the ``count`` records were new, the others had been sent before. ``hash`` and
    ``previous`` are those of the receipts (SHA-256, hex). ``faults`` contradict earlier records.
    """

    operator: str
    number: int
    first: int
    last: int
    count: int
    fresh: int
    digest: str
    hash: str
    previous: str
    receipt: str
    faults: tuple[Fault, ...] = ()


class Bracket(msgspec.Struct, frozen=True, kw_only=True):
    """What lies above ``above`` (smallest units a period) is taxed at ``rate`` millionths."""

    above: int
    rate: int


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """The tax that holds from a day on: a share of ``base``, by brackets."""

    since: date
    base: TaxBase
    brackets: tuple[Bracket, ...]


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """An operator: its name, licence, currency, games and dated tax rates."""

    operator: str
    name: str
    licence: str
    licensed_from: date
    licensed_until: date | None
    currency: str
    game_types: tuple[str, ...]
    rates: tuple[Rates, ...]
    actor: str


@event("gaming.operator_registered")
class OperatorRegistered(Terms, frozen=True, kw_only=True):
    """An operator was entered into the register; ``operator`` is its short name from then on."""


@event("gaming.operator_changed")
class OperatorChanged(Terms, frozen=True, kw_only=True):
    """An operator's entry is another since then; it is told as a whole."""


@event("gaming.return_filed")
class ReturnFiled(msgspec.Struct, frozen=True, kw_only=True):
    """An operator declared a period, both days included; ``vintage`` is the day of this version.

    A restatement is another event with a later vintage. ``ggr_to_date`` is the GGR of the calendar
    year up to the period's end, where the form asks for it.
    """

    operator: str
    start: date
    end: date
    vintage: date
    currency: str
    stakes: int
    payouts: int
    refunds: int
    ggr: int
    tax: int | None = None
    ggr_to_date: int | None = None
    source: str = ""


MONEY = {
    RecordKind.STAKE: Stake, RecordKind.PAYOUT: Payout, RecordKind.REFUND: Refund,
}  # fmt: skip
"""The kinds of records that are about money."""
