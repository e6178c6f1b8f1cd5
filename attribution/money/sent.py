"""Rows of spend and rates as programs send them: decoded one by one, the bad ones told apart.

A bad row costs no good one; each is answered with a problem (RFC 9457) that names its place.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Generic, TypeVar

import msgspec

from ingest.batch import Rejection
from ingest.problems import MalformedJson, MissingField, TooManyEvents, WrongType
from ingest.wire import Incoming
from kernel.errors import DomainError, problem

MOST = 1_000
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError)
_Label = Annotated[str, msgspec.Meta(max_length=200)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=10**15)]
_Currency = Annotated[str, msgspec.Meta(pattern="^[A-Za-z]{3}$")]


class SentSpend(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a place cost on a day, the whole day's figure."""

    day: date
    channel: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    cost: Annotated[float, msgspec.Meta(ge=0, le=9e9)]
    source: _Label = ""
    campaign: _Label = ""
    currency: _Currency | None = None
    impressions: _Count = 0
    clicks: _Count = 0


class SentRate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A unit of ``currency`` is worth ``rate`` of ``base`` (the tenant's) from ``day`` on."""

    day: date
    currency: _Currency
    rate: str | float
    base: _Currency | None = None


class _Rows(msgspec.Struct):
    rows: list[msgspec.Raw]


R = TypeVar("R", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Generic[R]):
    """Readable rows with their place in the request, and the problems of the others."""

    rows: tuple[tuple[int, R], ...]
    rejected: tuple[dict[str, Any], ...]


class BadRow(DomainError):
    """A row can't be used; ``code`` is the instance's."""

    title = "The row can't be used"


def read(body: bytes, shape: type[R]) -> Read[R]:
    """The rows of ``{"rows": [...]}``, at most ``MOST``. Raises what concerns the whole body."""
    try:
        parts = msgspec.json.decode(body, type=_Rows).rows
    except msgspec.ValidationError as error:
        text = str(error)
        raise (MissingField if "missing" in text else WrongType)(text) from None
    except _UNREADABLE as error:
        raise MalformedJson(str(error)[:200]) from None
    if len(parts) > MOST:
        raise TooManyEvents(f"A request may have {MOST} rows; this has {len(parts)}.", limit=MOST)
    decoder = msgspec.json.Decoder(shape)
    rows, rejected = [], []
    for index, raw in enumerate(parts):
        try:
            rows.append((index, decoder.decode(raw)))
        except _UNREADABLE as error:
            text = str(error)[:200]
            code = "missing_field" if "missing required field" in text else "wrong_type"
            rejected.append(refusal(index, code, text))
    return Read(rows=tuple(rows), rejected=tuple(rejected))


def refusal(index: int, code: str, detail: str) -> dict[str, Any]:
    """The problem document of the row at ``index``."""
    document = problem(BadRow(detail))
    return {"index": index, **document, "code": code, "type": f"urn:touchstone:problem:{code}"}


def refusals(rejected: Sequence[Rejection]) -> list[dict[str, Any]]:
    """What the pipeline turned away, as problems."""
    return [refusal(each.index, each.code, each.detail) for each in rejected]


def spend(rows: Sequence[tuple[int, SentSpend]], key: str) -> list[tuple[int, Incoming]]:
    """The events of rows; with an idempotency ``key`` the same request gives the same events."""
    return [
        (
            index,
            Incoming(
                type="spend.recorded",
                id=event_name("spend", key, index, row),
                timestamp=midnight(row.day),
                properties=_properties(row),
            ),
        )
        for index, row in rows
    ]


def event_name(kind: str, key: str, index: int, row: msgspec.Struct) -> str | None:
    """What a retried row is recognised by: the key, its place and its words; ``None`` without."""
    if not key:
        return None
    words = hashlib.blake2b(msgspec.json.encode(row), digest_size=16).hexdigest()
    return f"{kind}:{key}:{index}:{words}"


def midnight(day: date) -> datetime:
    """The first moment of a day in UTC: when its spend and its rate are said to have happened."""
    return datetime.combine(day, time(), tzinfo=UTC)


def _properties(row: SentSpend) -> dict[str, Any]:
    words: dict[str, Any] = msgspec.to_builtins(row)
    return {name: value for name, value in words.items() if value not in ("", None)}
