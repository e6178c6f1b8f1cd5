"""Take a request's events into the log and answer: the collector without any web framework."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ingest import clocks, decode, live, meters, pipeline, problems, quota, rejections
from ingest.auth import Principal
from ingest.batch import Batch, Circumstances
from ingest.wire import SOURCES
from kernel.errors import DomainError

OLDEST = timedelta(days=3 * 365)
MAX_BODY_BYTES = 5 * 1024 * 1024
MAX_EVENTS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of a request that matter. ``call`` is ``events`` or the word of a Segment path.

    Of a ``body`` above the limit only a little more than the limit need be here.
    """

    call: str
    body: bytes
    content_type: str = ""
    content_encoding: str = ""
    authorization: str = ""


Enter = Callable[[str], Principal]


def collect(parts: Parts, *, enter: Enter, now: datetime) -> dict[str, Any]:
    """Authenticate, decode, run the pipeline; returns the answer's document.

    ``enter`` turns a key into a principal and makes its tenant's schema the active one. Raises
    ``DomainError`` for what concerns the whole request, and the driver's errors.
    """
    key = key_of(parts.authorization)
    if key is None and parts.call == "events":
        raise problems.MissingKey("Send your key as 'Authorization: Bearer <key>'.")
    principal = _admitted(enter(key)) if key is not None else None
    try:
        return _taken(parts, principal, enter, now)
    except DomainError as error:
        if principal is not None:
            source, size = _source(parts.call), len(parts.body)
            rejections.keep_whole(error, source=source, size=size, now=now)
            meters.REJECTED.labels(error.code).inc()
        raise


def _taken(
    parts: Parts, principal: Principal | None, enter: Enter, now: datetime
) -> dict[str, Any]:
    if len(parts.body) > MAX_BODY_BYTES:
        raise problems.TooLarge(f"A body may have {MAX_BODY_BYTES} bytes.", limit=MAX_BODY_BYTES)
    body = decode.unpacked(parts.body, parts.content_encoding, MAX_BODY_BYTES)
    if principal is None:
        key = decode.write_key(body)
        if not key:
            raise problems.MissingKey("Send your write key as the user of basic authentication.")
        principal = _admitted(enter(key))
    if parts.call == "events":
        decoded = decode.native(body, parts.content_type, MAX_EVENTS)
    else:
        decoded = decode.segment(body, parts.call, MAX_EVENTS)
    batch = take(decoded, principal=principal, source=_source(parts.call), now=now)
    return _document(batch, parts.call)


def _source(call: str) -> str:
    return SOURCES[call != "events"]


def _admitted(principal: Principal) -> Principal:
    """The principal when its tenant may send now; raises the refusals of ``quota``."""
    gate = quota.gate()
    gate.admit_request(principal)
    gate.admit_events(principal)
    return principal


def take(decoded: decode.Decoded, *, principal: Principal, source: str, now: datetime) -> Batch:
    """Run decoded events through the pipeline, keep the rejections, tell who watches."""
    circumstances = Circumstances(
        now=now,
        secret=principal.secret,
        source=source,
        oldest=OLDEST,
        own_hosts=principal.own_hosts,
        skew=clocks.skew(decoded.sent_at, now),
        epoch=principal.epoch,
    )
    start = pipeline.start(decoded.events, circumstances, decoded.rejected)
    batch = pipeline.run(start, observe=meters.step)
    meters.batch(batch)
    quota.gate().count(principal, batch)
    if batch.rejected:
        rejections.keep(batch.rejected, source=source, now=now)
    live.publish(principal.schema, batch)
    return batch


def key_of(authorization: str) -> str | None:
    """The key in an Authorization header: a bearer token, or the user of basic authentication."""
    scheme, _, credentials = authorization.strip().partition(" ")
    if not scheme:
        return None
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() != "basic":
        raise problems.UnreadableKey("Use bearer or basic authentication.")
    try:
        text = base64.b64decode(credentials.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise problems.UnreadableKey("The basic credentials can't be read.") from None
    return text.partition(":")[0] or None


def _document(batch: Batch, call: str) -> dict[str, Any]:
    rejected = [
        {"index": each.index, "code": each.code, "detail": each.detail}
        for each in sorted(batch.rejected, key=lambda each: each.index)
    ]
    if call != "events":
        return {"success": True, "rejected": rejected}
    return {
        "accepted": batch.accepted,
        "duplicates": len(batch.duplicates),
        "rejected": rejected,
        "scores": list(batch.scores),
    }
