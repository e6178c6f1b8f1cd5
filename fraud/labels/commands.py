"""Saying what events were, and taking it back: each word an event."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from eventlog import read
from eventlog.append import append
from eventlog.contracts import NewEvent, StoredEvent
from eventlog.said import said
from eventlog.tenancy import active_tenant
from fraud.contracts import EventFraud, Labelled, LabelWithdrawn
from fraud.features import ENTITIES, TYPES, sight
from fraud.models import Case, Label
from fraud.scoring import states
from fraud.training.learn import label_sighting
from kernel import ids
from kernel.errors import NotFound

SOURCE = "fraud"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What is said of ``event``; ``at`` is when it became known, ``None``: now."""

    event: UUID
    fraud: bool
    kind: EventFraud | None = None
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A word that was not kept: its place, a stable code, a sentence."""

    index: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How many words were kept, how many had been said before, and those that were refused."""

    kept: int
    repeated: int
    refused: tuple[Refused, ...]


def say(words: Sequence[Word], *, actor: str, now: datetime, counting: bool = True) -> Said:
    """Keep what ``actor`` says of events, and count it for whom they were.

    The same word of the same actor at the same time is one. Without ``counting`` the states of
    today stay as they are: what a file says of old times is not news.
    """
    active_tenant()
    decided = _decided({word.event for word in words})
    known: dict[UUID, StoredEvent | Case] = {
        **read.named([word.event for word in words if word.event not in decided]),
        **decided,
    }
    kept, refused = [], []
    for index, word in enumerate(words):
        found = known.get(word.event)
        if found is None:
            refused.append(Refused(index=index, code="unknown_event", detail=_UNKNOWN))
        elif found.type not in TYPES:
            detail = f"An event of type {found.type} is not scored, so it can't be labelled."
            refused.append(Refused(index=index, code="not_scored", detail=detail))
        elif word.at is not None and not _happened(found) <= word.at <= now:
            refused.append(Refused(index=index, code="wrong_time", detail=_WRONG_TIME))
        else:
            kept.append((word, found))
    events = [_event(word, found, actor, now) for word, found in kept]
    done = append([event for event, _ in events], recorded_at=now)
    fresh = [pair for pair, known_ in zip(events, done.duplicate, strict=True) if not known_]
    if counting:
        _count(fresh)
    return Said(kept=done.accepted, repeated=len(events) - done.accepted, refused=tuple(refused))


_UNKNOWN = "There is no such event, or it is so new that it is not sealed yet."
_WRONG_TIME = "A label is said after its event, and not in the future."


def withdraw(event: UUID, *, actor: str, now: datetime, just_said: bool = False) -> None:
    """Take back what ``actor`` said of an event. Raises ``NotFound`` where it was nothing.

    What was ``just_said`` of a case may not have reached the read model yet.
    """
    active_tenant()
    row: Label | Case | None = Label.objects.filter(event=event, actor=actor).first()
    if row is None and just_said:
        row = Case.objects.filter(event=event).first()
    if row is None:
        raise NotFound("You have said nothing of this event.")
    body = LabelWithdrawn(event=str(event), actor=actor)
    with transaction.atomic():
        append(
            [said("fraud.label_withdrawn", body, source=SOURCE, now=now, subject=row.subject)],
            recorded_at=now,
        )


def _decided(events: Iterable[UUID]) -> dict[UUID, Case]:
    """Cases know for whom their events counted: an install names no publisher, its case does."""
    return {row.event: row for row in Case.objects.filter(event__in=list(events))}


def _event(
    word: Word, found: StoredEvent | Case, actor: str, now: datetime
) -> tuple[NewEvent, Labelled]:
    entities = found.record.get("entities") or {} if isinstance(found, Case) else _own(found)
    body = Labelled(
        event=str(word.event), type=found.type, fraud=word.fraud, actor=actor, kind=word.kind,
        note=word.note.replace("\0", ""), entities=entities,
    )  # fmt: skip
    at = word.at or now
    name = ids.event_id(f"label {word.event} {word.fraud} {word.kind} {actor} {at.isoformat()}")
    event = said(
        "fraud.labelled", body, source=SOURCE, now=now, subject=found.subject, id=name,
        occurred_at=at,
    )  # fmt: skip
    return event, body


def _happened(found: StoredEvent | Case) -> datetime:
    return found.at if isinstance(found, Case) else found.occurred_at


def _own(found: StoredEvent) -> dict[str, float]:
    seen = sight(found.type, found.subject, msgspec.json.decode(found.payload), found.occurred_at)
    return {name: own for name, own in zip(ENTITIES.names, seen.ids, strict=True) if own > 0}


def _count(events: Sequence[tuple[NewEvent, Labelled]]) -> None:
    """Count labels for the states of now; without Redis they are in the log alone."""
    try:
        states.count(
            [label_sighting(body.entities, body.fraud, event.occurred_at) for event, body in events]
        )
    except states.AWAY as error:
        _log.warning("%d labels are in the log, but not counted: %s", len(events), error)
