"""From the bytes of a request to incoming events, with a rejection for each that can't be read.

The whole batch is decoded at once; only when that fails is it cut into raw events that are decoded
one by one, so that a bad event costs no good one.
"""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from ingest import problems
from ingest.batch import DETAIL_LENGTH, Rejection
from ingest.outline import outline
from ingest.steps.encode import invalid
from ingest.wire import (
    Context,
    Incoming,
    NativeBatch,
    SegmentBatch,
    SegmentMessage,
    from_segment,
)
from kernel.errors import DomainError

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError)
_JSON_TYPES = frozenset({"", "application/json", "text/plain", "application/octet-stream"})
_LINE_TYPES = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})


class _RawNative(msgspec.Struct):
    events: list[msgspec.Raw]
    sent_at: msgspec.Raw = msgspec.Raw(b"null")


class _RawSegment(msgspec.Struct):
    batch: list[msgspec.Raw]
    context: msgspec.Raw = msgspec.Raw(b"null")
    sentAt: msgspec.Raw = msgspec.Raw(b"null")  # noqa: N815  # Segment's word


class _Alone(msgspec.Struct):
    sentAt: msgspec.Raw = msgspec.Raw(b"null")  # noqa: N815  # Segment's word


class _Key(msgspec.Struct):
    writeKey: str | None = None  # noqa: N815  # Segment's word


_native = msgspec.json.Decoder(NativeBatch)
_raw_native = msgspec.json.Decoder(_RawNative)
_segment = msgspec.json.Decoder(SegmentBatch)
_raw_segment = msgspec.json.Decoder(_RawSegment)
_incoming = msgspec.json.Decoder(Incoming)
_message = msgspec.json.Decoder(SegmentMessage)
_context = msgspec.json.Decoder(Context | None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Readable events with their index in the request, and the rejections of the others.

    ``sent_at`` is what the sender's clock said when it sent, where it said so.
    """

    events: tuple[tuple[int, Incoming], ...]
    rejected: tuple[Rejection, ...] = ()
    sent_at: datetime | None = None


def unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """``body`` without its content encoding, never inflating past ``limit`` bytes."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        plain = body
    elif encoding in ("gzip", "x-gzip"):
        plain = _inflated(body, limit)
    else:
        raise problems.UnsupportedEncoding("Send the body plain or as gzip.")
    if len(plain) > limit:
        raise problems.TooLarge(f"A body may have {limit} bytes.", limit=limit)
    return plain


def _inflated(body: bytes, limit: int) -> bytes:
    inflate = zlib.decompressobj(wbits=31)
    try:
        plain = inflate.decompress(body, limit + 1)
    except zlib.error:
        raise problems.BadGzip("The body is not gzip.") from None
    if len(plain) <= limit and not inflate.eof:
        raise problems.BadGzip("The gzip body is cut off.")
    return plain


def native(body: bytes, content_type: str, limit: int) -> Decoded:
    """The events of a native request: ``{"events": [...]}``, or NDJSON by content type."""
    kind = content_type.split(";", 1)[0].strip().lower()
    if kind in _LINE_TYPES:
        lines = [line for line in body.splitlines() if line.strip()]
        return _each(lines, _incoming.decode, limit)
    if kind not in _JSON_TYPES:
        raise problems.UnsupportedContentType("Send application/json or application/x-ndjson.")
    try:
        sent = _native.decode(body)
    except UNREADABLE:
        parts = _parts(body, _raw_native)
        return replace(_each(parts.events, _incoming.decode, limit), sent_at=_clock(parts.sent_at))
    _within(len(sent.events), limit)
    return Decoded(events=tuple(enumerate(sent.events)), sent_at=sent.sent_at)


def segment(body: bytes, call: str, limit: int) -> Decoded:
    """The events of a Segment request; ``call`` is the last word of its path."""
    if call != "batch":
        sent_at = _clock(_object(body).sentAt)
        alone = _each([body], lambda raw: from_segment(_message.decode(raw), call, None), limit)
        return replace(alone, sent_at=sent_at)
    try:
        sent = _segment.decode(body)
    except UNREADABLE:
        raw = _parts(body, _raw_segment)
        return replace(_segment_each(raw, limit), sent_at=_clock(raw.sentAt))
    _within(len(sent.batch), limit)
    shared = sent.context
    return Decoded(
        events=tuple(
            (index, from_segment(message, "", shared)) for index, message in enumerate(sent.batch)
        ),
        sent_at=sent.sentAt,
    )


def write_key(body: bytes) -> str | None:
    """The ``writeKey`` some Segment libraries put into the body."""
    try:
        return msgspec.json.decode(body, type=_Key).writeKey
    except UNREADABLE:
        return None


def _segment_each(parts: _RawSegment, limit: int) -> Decoded:
    try:
        shared = _context.decode(parts.context)
    except UNREADABLE:
        shared = None
    return _each(parts.batch, lambda raw: from_segment(_message.decode(raw), "", shared), limit)


def _within(count: int, limit: int) -> None:
    if count > limit:
        raise problems.TooManyEvents(
            f"A batch may have {limit} events; this has {count}.", limit=limit
        )


def _object(body: bytes) -> _Alone:
    try:
        value = msgspec.json.decode(body, type=msgspec.Raw)
    except UNREADABLE as error:
        raise _unreadable(error) from None
    if not bytes(value).lstrip().startswith(b"{"):
        raise problems.WrongType("The body must be a JSON object.")
    return msgspec.json.decode(body, type=_Alone)


def _clock(raw: msgspec.Raw) -> datetime | None:
    """The sender's clock; one that can't be read is no reason to turn anything away."""
    try:
        return msgspec.json.decode(raw, type=datetime | None)
    except UNREADABLE:
        return None


def _parts(body: bytes, decoder: msgspec.json.Decoder[Any]) -> Any:
    """The batch cut into raw events, or the problem that makes it unreadable as a whole."""
    try:
        return decoder.decode(body)
    except UNREADABLE as error:
        raise _unreadable(error) from None


def _unreadable(error: Exception) -> DomainError:
    if isinstance(error, RecursionError):
        return problems.MalformedJson("The body is nested too deeply to be read.")
    if isinstance(error, msgspec.ValidationError):
        text = str(error)[:DETAIL_LENGTH]
        missing = "missing required field" in text
        return problems.MissingField(text) if missing else problems.WrongType(text)
    return problems.MalformedJson(str(error)[:DETAIL_LENGTH])


def _each(
    parts: Iterable[bytes | msgspec.Raw], decode: Callable[[Any], Incoming], limit: int
) -> Decoded:
    parts = list(parts)
    _within(len(parts), limit)
    events, rejected = [], []
    for index, raw in enumerate(parts):
        try:
            events.append((index, decode(raw)))
        except UNREADABLE as error:
            rejected.append(_rejection(index, raw, error))
    return Decoded(events=tuple(events), rejected=tuple(rejected))


def _rejection(index: int, raw: bytes | msgspec.Raw, error: Exception) -> Rejection:
    if isinstance(error, msgspec.ValidationError):
        refused = invalid(error)
        code, detail = refused.reason, refused.detail
    elif isinstance(error, RecursionError):
        code, detail = "too_deep", "The event is nested too deeply."
    else:
        code, detail = "malformed_json", str(error)
    return Rejection(index=index, code=code, detail=detail[:DETAIL_LENGTH], excerpt=_excerpt(raw))


def _excerpt(raw: bytes | msgspec.Raw) -> str:
    try:
        return outline(msgspec.json.decode(raw))
    except UNREADABLE:
        return f"{len(bytes(raw))} bytes that are not JSON"
