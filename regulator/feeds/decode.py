"""From what an operator sends to records, with a problem for each that can't be taken. Pure.

``{"events": [{"id": "…", "type": "stake", "sequence": 1, "amount": 500, "currency": "EUR",
"game_type": "slots", "player": "p-81f3", "occurred_at": "2026-11-20T12:00:00Z"}, …]}``
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from eventlog import canonical
from kernel.errors import DomainError
from regulator.contracts import MONEY, GameType, NoActivity, Record, RecordKind

AHEAD = timedelta(minutes=5)
"""How far a sender's clock may be ahead."""
OLDEST = timedelta(days=3 * 366)
_LARGEST_NUMBER = 2**53
_LARGEST_AMOUNT = 10**12
"""Millions of such amounts still add up within 64 bits."""
_PSEUDONYM = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_ID = re.compile(r"[\x21-\x7e]{1,100}")


class _Sent(msgspec.Struct, kw_only=True):
    id: str | None = None
    type: str | None = None
    operator: str | None = None
    sequence: int | None = None
    amount: int | None = None
    currency: str | None = None
    game_type: str | None = None
    player: str | None = None
    occurred_at: datetime | None = None
    since: datetime | None = None


_decoder = msgspec.json.Decoder(_Sent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Whose feed it is, and its currency."""

    operator: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A record that can be taken; ``index`` is its place in the request."""

    index: int
    kind: RecordKind
    body: Record
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A record that can't: its place, a stable code, a sentence."""

    index: int
    code: str
    detail: str
    sequence: int = 0
    held: int = 0


class _Wrong(DomainError):
    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def records(
    raws: Sequence[bytes | msgspec.Raw], sender: Sender, *, now: datetime
) -> tuple[list[Taken], list[Refused]]:
    """The records of a batch in the order they were sent, and those that can't be taken."""
    taken, refused = [], []
    for index, raw in enumerate(raws):
        try:
            taken.append(_record(index, raw, sender, now))
        except _Wrong as error:
            refused.append(Refused(index=index, code=error.reason, detail=error.detail))
    return taken, refused


def _record(index: int, raw: bytes | msgspec.Raw, sender: Sender, now: datetime) -> Taken:
    try:
        sent = _decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _Wrong("wrong_type", str(error)[:160]) from None
    if sent.operator not in (None, sender.operator):
        raise _Wrong("operator_not_yours", "This key writes the feed of another operator.")
    kind = _kind(sent.type)
    moment = _moment(sent.occurred_at, now)
    common: dict[str, Any] = {
        "operator": sender.operator, "sequence": _sequence(sent.sequence), "event": _id(sent.id),
    }  # fmt: skip
    if kind is RecordKind.NO_ACTIVITY:
        body: Record = NoActivity(**common, since=_since(sent.since, moment))
    else:
        body = MONEY[kind](
            **common, amount=_amount(sent.amount), currency=_currency(sent.currency, sender),
            game_type=_game(sent.game_type), player=_player(sent.player),
        )  # fmt: skip
    return Taken(index=index, kind=kind, body=body, occurred_at=moment)


def _one_of(words: Collection[str], code: str, what: str) -> Callable[[str | None], str]:
    def chosen(word: str | None) -> str:
        if word is None or word not in words:
            raise _Wrong(code, f"{what} is one of {', '.join(words)}.")
        return word

    return chosen


_game = _one_of(list(GameType), "unknown_game_type", "A game type")
_known = _one_of(list(RecordKind), "unknown_type", "A type")


def _kind(word: str | None) -> RecordKind:
    return RecordKind(_known(word))


def _sequence(number: int | None) -> int:
    if number is None:
        raise _Wrong("sequence_missing", "A record needs its sequence number, from 1 on.")
    if not 1 <= number <= _LARGEST_NUMBER:
        raise _Wrong("sequence_invalid", "A sequence number is a whole number from 1 on.")
    return number


def _id(text: str | None) -> str:
    if text is None or _ID.fullmatch(text) is None:
        raise _Wrong("id_missing", "A record needs an id of 1 to 100 plain characters.")
    return text


def _amount(amount: int | None) -> int:
    if amount is None:
        raise _Wrong("amount_missing", "A record needs an amount in the currency's smallest unit.")
    if amount < 0:
        raise _Wrong("negative_amount", "An amount is not negative: a refund gives money back.")
    if amount > _LARGEST_AMOUNT:
        raise _Wrong("amount_too_large", f"An amount is at most {_LARGEST_AMOUNT:,}.")
    return amount


def _currency(code: str | None, sender: Sender) -> str:
    if code != sender.currency:
        raise _Wrong("wrong_currency", f"This feed is in {sender.currency}.")
    return sender.currency


def _player(word: str | None) -> str:
    if word is None or _PSEUDONYM.fullmatch(word) is None:
        raise _Wrong(
            "player_invalid", "A player is a pseudonym of 1 to 64 letters, digits and . _ : -"
        )
    return word


def _moment(moment: datetime | None, now: datetime) -> datetime:
    if moment is None or moment.tzinfo is None:
        raise _Wrong("time_missing", "A record needs occurred_at, a time with its offset.")
    if moment > now + AHEAD:
        raise _Wrong("in_future", "The time is in the future.")
    if moment < now - OLDEST:
        raise _Wrong("too_old", "The time is more than three years ago.")
    return moment.astimezone(UTC)


def _since(since: datetime | None, until: datetime) -> str:
    if since is None or since.tzinfo is None or not until - OLDEST < since < until:
        raise _Wrong(
            "since_invalid",
            "no_activity needs since, a time within three years before occurred_at.",
        )
    return canonical.timestamp(since)
