"""Canonical JSON of payloads, and the leaf hash of an event.

The leaf must be recomputable from what the database gives back, so payloads are written in a form
that ``jsonb`` keeps: keys sorted, integral numbers as integers, other numbers in their shortest
form, nothing that ``jsonb`` refuses or rounds. The leaf input is itself one canonical JSON object,
the very line an evidence export prints; the hash is the leaf hash of RFC 6962 §2.1:
SHA-256(0x00 || leaf input).
"""

import hashlib
import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from eventlog.contracts import TooDeep, UnstorableValue

MAX_DEPTH = 24
_MAX_INTEGER = 2**63 - 1
_MIN_INTEGER = -(2**63)

_encoder = msgspec.json.Encoder(order="deterministic")
_plain = msgspec.json.Encoder()


def encode(payload: dict[str, Any]) -> bytes:
    """The canonical JSON of ``payload``; decoding and encoding again gives the same bytes.

    Raises ``UnstorableValue`` (NUL characters, NaN or infinity, numbers beyond 64 bits) or
    ``TooDeep``; the message says where.
    """
    if _is_normal(payload, 0):
        raw = _encoded(payload)
        if raw is not None:
            return raw
    try:
        return _encoder.encode(_normal(payload, 0))
    except (UnstorableValue, TooDeep) as error:
        # Where it is costs more than the rest together, so it is looked for only now.
        where = _find(payload, "payload", 0)
        raise type(error)(f"{where[:80]} {error.detail}") from None


def _is_normal(values: dict[str, Any] | list[Any], depth: int) -> bool:
    """Whether the encoder's own spelling of ``values`` is canonical, its texts left aside.

    Nearly all payloads are; finding that out costs half of making a normal copy.
    """
    if depth >= MAX_DEPTH:
        return False
    inner: Iterable[Any] = values.values() if isinstance(values, dict) else values
    for value in inner:
        kind: type = type(value)
        if kind is str or kind is bool or value is None:
            continue
        if kind is int:
            fits = _MIN_INTEGER <= value <= _MAX_INTEGER
        elif kind is float:
            fits = math.isfinite(value) and not value.is_integer()
        else:
            fits = (kind is dict or kind is list) and _is_normal(value, depth + 1)
        if not fits:
            return False
    return True


def _encoded(payload: dict[str, Any]) -> bytes | None:
    """The JSON of a payload of normal values; ``None`` when a text in it needs a closer look."""
    try:
        raw = _encoder.encode(payload)
    except (UnicodeEncodeError, TypeError):
        return None
    return None if b"\\u0000" in raw else raw


def _normal(value: Any, depth: int) -> Any:
    kind = type(value)
    if kind is str:
        return _text(value)
    if kind is dict or kind is list:
        if depth >= MAX_DEPTH:
            raise TooDeep(f"is nested more than {MAX_DEPTH} levels deep.")
        depth += 1
        if kind is dict:
            return {_text(key): _normal(item, depth) for key, item in value.items()}
        return [_normal(item, depth) for item in value]
    if kind is int:
        return _integer(value)
    if value is None or kind is bool:
        return value
    if kind is float:
        return _number(value)
    raise UnstorableValue(f"is a {kind.__name__}, which JSON has no word for.")


def _find(value: Any, where: str, depth: int) -> str:
    """The path of what ``_normal`` refuses in ``value``."""
    if depth < MAX_DEPTH and isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            try:
                _normal({key: None} if isinstance(value, dict) else None, 0)
                _normal(item, depth + 1)
            except (UnstorableValue, TooDeep):
                return _find(item, f"{where}.{key}", depth + 1)
    return where


def _text(value: str) -> str:
    if "\x00" in value:
        raise UnstorableValue("contains a NUL character.")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise UnstorableValue("contains half a surrogate pair.") from None
    return value


def _number(value: float) -> float | int:
    if not math.isfinite(value):
        raise UnstorableValue("is not a finite number.")
    return _integer(int(value)) if value.is_integer() else value


def _integer(value: int) -> int:
    if not _MIN_INTEGER <= value <= _MAX_INTEGER:
        raise UnstorableValue("is beyond 64 bits and would be rounded; send it as a string.")
    return value


def timestamp(moment: datetime) -> str:
    """``moment`` in UTC with microseconds, always 27 characters: 2026-11-20T09:30:00.000000Z."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    text = msgspec.json.encode(moment)[1:-1].decode()  # ten times faster than isoformat
    return text if moment.microsecond else f"{text[:-1]}.000000Z"


class _Line(msgspec.Struct, frozen=True):
    """An event's columns in the order of their names, which is the canonical one."""

    id: UUID | str
    occurred_at: str
    payload: msgspec.Raw
    recorded_at: str
    sealed: str | None
    source: str
    subject: str
    type: str
    version: int


def leaf_input(
    *,
    id: UUID | str,
    type: str,
    version: int,
    subject: str,
    occurred_at: str,
    recorded_at: str,
    source: str,
    payload: bytes,
    sealed: bytes | None,
) -> bytes:
    """The canonical JSON line of an event: its columns, keys sorted, ``sealed`` as hex.

    ``occurred_at`` and ``recorded_at`` are texts made by ``timestamp``.
    """
    secret = sealed.hex() if sealed is not None else None
    raw = msgspec.Raw(payload)
    return _plain.encode(
        _Line(id, occurred_at, raw, recorded_at, secret, source, subject, type, version)
    )


def leaf_hash(line: bytes) -> bytes:
    """RFC 6962 leaf hash, 32 bytes."""
    return hashlib.sha256(b"\x00" + line).digest()
