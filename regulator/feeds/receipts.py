"""Receipts: a batch's records hashed, chained to the batch before, signed. Pure.

An operator can make ``digest`` from what it sent and check the signature with the log's published
key, offline; the authority can make it from its log. So neither can later say another thing.

A receipt is a signed note (C2SP signed-note) whose text is::

    touchstone feed receipt 1
    <the log's name>
    <operator> <number of the receipt>
    <first sequence number> <last> <count of records>
    <digest: SHA-256 of the records' lines, hex>
    <hash of the receipt before: SHA-256 of its whole text, hex; "-" for the first>
    <time, RFC 3339>

A record's line is JSON with sorted keys and no blanks, ended by a newline: ``amount``,
``currency``, ``game_type`` and ``player`` (of those about money), ``id``, ``occurred_at`` (UTC,
microseconds), ``sequence``, ``since`` (of no_activity) and ``type``. Lines and their order are as
the records were sent.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from eventlog import canonical
from eventlog.merkle import notes
from eventlog.merkle.notes import Verifier
from kernel.errors import InvalidInput
from regulator.contracts import NoActivity, Played, Record

_TITLE = "touchstone feed receipt 1"
_NONE = "-"
_HASH = re.compile(r"[0-9a-f]{64}")


class BadReceipt(InvalidInput):
    """A text is no receipt of the key it is checked with."""

    code = "bad_receipt"
    title = "Not a receipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What is signed. ``previous`` is empty in a feed's first receipt."""

    origin: str
    operator: str
    number: int
    first: int
    last: int
    count: int
    digest: str
    previous: str
    at: str

    @property
    def text(self) -> str:
        """The note's text; ends in a newline."""
        return "\n".join(
            (
                _TITLE, self.origin, f"{self.operator} {self.number}",
                f"{self.first} {self.last} {self.count}", self.digest, self.previous or _NONE,
                self.at, "",
            )
        )  # fmt: skip

    @property
    def hash(self) -> str:
        """SHA-256 of the text: what the next receipt names."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def line(kind: str, body: Record, occurred_at: datetime) -> bytes:
    """A record's canonical line."""
    told: dict[str, object] = {
        "id": body.event, "occurred_at": canonical.timestamp(occurred_at),
        "sequence": body.sequence, "type": kind,
    }  # fmt: skip
    if isinstance(body, Played):
        told |= {
            "amount": body.amount, "currency": body.currency, "game_type": body.game_type,
            "player": body.player,
        }  # fmt: skip
    if isinstance(body, NoActivity):
        told["since"] = body.since
    return msgspec.json.encode(told, order="sorted") + b"\n"


def digest(lines: Iterable[bytes]) -> str:
    """SHA-256 of the records' lines in the order they were sent."""
    found = hashlib.sha256()
    for each in lines:
        found.update(each)
    return found.hexdigest()


def sign(receipt: Receipt, *, by: bytes) -> str:
    """The signed note of ``receipt`` by a private key of the log."""
    return notes.sign_text(receipt.text, name=receipt.origin, by=[by])


def checked(note: str, key: Verifier) -> Receipt:
    """What ``note`` says, when ``key`` signed it; raises ``BadReceipt``."""
    try:
        text = notes.signed_text(note, key)
    except notes.BadNote as error:
        raise BadReceipt(error.detail) from None
    parts = text[:-1].split("\n")
    try:
        title, origin, whose, what, hashed, previous, at = parts
        operator, number = whose.split(" ")
        first, last, count = (int(each) for each in what.split(" "))
        found = Receipt(
            origin=origin, operator=operator, number=int(number), first=first, last=last,
            count=count, digest=hashed, previous="" if previous == _NONE else previous, at=at,
        )  # fmt: skip
    except ValueError:
        raise BadReceipt("The text is not a receipt's.") from None
    if title != _TITLE or found.text != text or _HASH.fullmatch(hashed) is None:
        raise BadReceipt("The text is not a receipt's.")
    return found
