"""Taking a batch of a feed in: its records, and the signed receipt for them, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from eventlog import canonical, catalogue, read
from eventlog.append import append
from eventlog.contracts import NewEvent, StoredEvent
from eventlog.said import said
from eventlog.seal import signing
from ingest.auth import Principal
from kernel import ids
from kernel.errors import Forbidden
from regulator.contracts import BatchReceived, Fault, Played
from regulator.feeds import decode, receipts
from regulator.feeds.decode import Refused, Sender, Taken
from regulator.feeds.receipts import Receipt
from regulator.models import FeedHead, Operator

SOURCE = "feed"


class NotRegistered(Forbidden):
    """A key names a feed whose operator is not in the register."""

    code = "not_registered"
    title = "The operator is not registered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a batch. ``receipt`` is its signed note, empty where nothing was kept."""

    fresh: tuple[Taken, ...]
    repeated: tuple[Taken, ...]
    refused: tuple[Refused, ...]
    receipt: str


def accept(raws: Sequence[bytes | msgspec.Raw], *, principal: Principal, now: datetime) -> Outcome:
    """Keep the good records of a batch, each once, and sign for all of them the log now holds.

    A record sent again is recognised by its id; one that says another thing than before under the
    same id is refused, and the receipt's event says so. Raises ``NotRegistered``.
    """
    operator = Operator.objects.filter(name=principal.feed).first()
    if operator is None:
        raise NotRegistered("The authority has not registered this operator.")
    sender = Sender(operator=operator.name, currency=operator.currency)
    taken, refused = decode.records(raws, sender, now=now)
    with transaction.atomic():
        FeedHead.objects.get_or_create(operator=sender.operator)
        head = FeedHead.objects.select_for_update().get(operator=sender.operator)
        fresh, repeated, faults = _sorted(taken)
        note = ""
        if fresh or repeated or faults:
            events = [_event(each, principal.secret) for each in fresh]
            told = _receipt(head, fresh, repeated, faults, now)
            events.append(said("gaming.batch_received", told, source=SOURCE, now=now))
            append(events, recorded_at=now)
            note = told.receipt
    return Outcome(
        fresh=tuple(fresh),
        repeated=tuple(repeated),
        refused=tuple(sorted([*refused, *faults], key=lambda each: each.index)),
        receipt=note,
    )


def _sorted(taken: Sequence[Taken]) -> tuple[list[Taken], list[Taken], list[Refused]]:
    """New records, those that were sent before, and those that contradict what was sent before."""
    names = [_name(each) for each in taken]
    stored = read.named(names) | read.keyed(
        {name: each.occurred_at for each, name in zip(taken, names, strict=True)}
    )
    known = {name: _said(event) for name, event in stored.items()}
    numbers = {name: catalogue.decode(event).sequence for name, event in stored.items()}
    fresh, repeated, faults = [], [], []
    for each, name in zip(taken, names, strict=True):
        line = receipts.line(each.kind, each.body, each.occurred_at)
        if name not in known:
            known[name], numbers[name] = line, each.body.sequence
            fresh.append(each)
        elif known[name] == line:
            repeated.append(each)
        else:
            faults.append(
                Refused(
                    index=each.index, code="event_differs", sequence=each.body.sequence,
                    held=numbers[name],
                    detail="An event of this id was sent before, and it said something else.",
                )
            )  # fmt: skip
    return fresh, repeated, faults


def _name(each: Taken) -> UUID:
    return ids.event_id(f"feed {each.body.operator} {each.body.event}")


def _said(stored: StoredEvent) -> bytes:
    kind = stored.type.removeprefix("gaming.")
    return receipts.line(kind, catalogue.decode(stored), stored.occurred_at)


def _event(each: Taken, secret: bytes) -> NewEvent:
    body, kind = each.body, f"gaming.{each.kind}"
    player = f"{body.operator}:{body.player}" if isinstance(body, Played) else ""
    return NewEvent(
        id=_name(each),
        type=kind,
        version=catalogue.version_of(kind),
        subject=ids.pseudonym(secret, "p", player) if player else "",
        occurred_at=each.occurred_at,
        source=SOURCE,
        payload=canonical.encode(msgspec.to_builtins(body)),
    )


def _receipt(
    head: FeedHead,
    fresh: Sequence[Taken],
    repeated: Sequence[Taken],
    faults: Sequence[Refused],
    now: datetime,
) -> BatchReceived:
    """Sign for what is held, and move the head of the chain there."""
    key = signing.ensured(now=now)[-1]
    held = sorted([*fresh, *repeated], key=lambda each: each.index)
    numbers = [each.body.sequence for each in held] or [0]
    lines = (receipts.line(each.kind, each.body, each.occurred_at) for each in held)
    receipt = Receipt(
        origin=key.verifier.name, operator=head.operator, number=head.number + 1,
        first=min(numbers), last=max(numbers), count=len(held), digest=receipts.digest(lines),
        previous=head.hash, at=canonical.timestamp(now),
    )  # fmt: skip
    head.number, head.hash = receipt.number, receipt.hash
    head.save()
    return BatchReceived(
        operator=receipt.operator, number=receipt.number, first=receipt.first, last=receipt.last,
        count=receipt.count, fresh=len(fresh), digest=receipt.digest, hash=receipt.hash,
        previous=receipt.previous, receipt=receipts.sign(receipt, by=signing.private(key, now=now)),
        faults=tuple(
            Fault(sequence=each.sequence, code=each.code, held=each.held) for each in faults
        ),
    )  # fmt: skip


def document(outcome: Outcome) -> dict[str, Any]:
    """The answer to a batch."""
    return {
        "accepted": len(outcome.fresh),
        "duplicates": len(outcome.repeated),
        "rejected": [
            {"index": each.index, "code": each.code, "detail": each.detail}
            for each in outcome.refused
        ],
        "receipt": outcome.receipt or None,
    }
