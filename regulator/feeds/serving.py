"""``POST /api/v1/gaming/events``: authenticate, take in, answer."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from eventlog.tenancy import activate
from ingest import decode as packing
from ingest import meters, problems, quota, rejections
from ingest.auth import Principal, authenticate
from ingest.batch import Batch, Circumstances, Draft, Rejection
from ingest.collect import MAX_BODY_BYTES, MAX_EVENTS, Parts, key_of
from ingest.outline import outline
from ingest.wire import Incoming
from kernel import clock
from regulator.feeds import accept
from regulator.feeds.accept import Outcome
from tenants.contracts import Scope

PATH = "/api/v1/gaming/events"


class _Body(msgspec.Struct):
    events: list[msgspec.Raw]


def serve(parts: Parts) -> dict[str, Any]:
    """A batch's answer; raises ``DomainError`` for what concerns the whole of it."""
    key = key_of(parts.authorization)
    if key is None:
        raise problems.MissingKey("Send your key as 'Authorization: Bearer <key>'.")
    principal = authenticate(key, Scope.FEED)
    activate(principal.tenant)
    gate = quota.gate()
    gate.admit_request(principal)
    gate.admit_events(principal)
    raws = _events(parts)
    outcome = accept.accept(raws, principal=principal, now=clock.now())
    _note(outcome, principal, raws)
    return accept.document(outcome)


def _events(parts: Parts) -> list[msgspec.Raw]:
    if len(parts.body) > MAX_BODY_BYTES:
        raise problems.TooLarge(f"A body may have {MAX_BODY_BYTES} bytes.", limit=MAX_BODY_BYTES)
    plain = packing.unpacked(parts.body, parts.content_encoding, MAX_BODY_BYTES)
    try:
        raws = msgspec.json.decode(plain, type=_Body).events
    except msgspec.ValidationError as error:
        raise problems.WrongType(str(error)[:200]) from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise problems.MalformedJson(str(error)[:200]) from None
    if len(raws) > MAX_EVENTS:
        text = f"A batch may have {MAX_EVENTS} events; this has {len(raws)}."
        raise problems.TooManyEvents(text, limit=MAX_EVENTS)
    return raws


def _note(outcome: Outcome, principal: Principal, raws: Sequence[msgspec.Raw]) -> None:
    """Count the batch for the tenant's plan, and keep what was turned away where people look."""
    now = clock.now()
    kept = [*outcome.fresh, *outcome.repeated]
    drafts = tuple(
        Draft(index=each.index, incoming=_KINDS[each.kind], type=_KINDS[each.kind].type)
        for each in kept
    )
    refused = tuple(
        Rejection(
            index=each.index, code=each.code, detail=each.detail, excerpt=_outline(raws[each.index])
        )
        for each in outcome.refused
    )
    batch = Batch(
        circumstances=Circumstances(
            now=now, secret=principal.secret, source=accept.SOURCE, oldest=timedelta(0)
        ),
        drafts=drafts,
        rejected=refused,
        duplicates=frozenset(each.index for each in outcome.repeated),
    )
    meters.batch(batch)
    quota.gate().count(principal, batch)
    if refused:
        rejections.keep(refused, source=accept.SOURCE, now=now)


_KINDS = {
    kind: Incoming(type=f"gaming.{kind}")
    for kind in ("stake", "payout", "refund", "no_activity")
}  # fmt: skip


def _outline(raw: msgspec.Raw) -> str:
    try:
        return outline(msgspec.json.decode(raw))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "not JSON"
