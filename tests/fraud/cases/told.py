"""Decisions as a test tells them."""

import uuid
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np

from eventlog import canonical
from eventlog.contracts import StoredEvent
from fraud.features import FEATURES
from fraud.scoring.decide import Policy, decide

START = datetime(2026, 11, 20, 10, tzinfo=UTC)


def record(event, *, type="conversion.recorded", **known):
    """The record of an injected click's install, or of what is ``known``."""
    values = {"kind": 4.0, "ctit": 0.3} | known
    row = np.array([[values.get(name, np.nan) for name in FEATURES.names]])
    policy = Policy(on=True)
    record = decide(row, policy)[0].record(str(event), type, policy)
    return msgspec.json.decode(msgspec.json.encode(record))


def scored(number, **known):
    """A stored ``fraud.scored`` of the event with that number."""
    event = uuid.UUID(int=number)
    at = START + timedelta(minutes=number)
    return StoredEvent(
        xid=number, position=number, id=uuid.UUID(int=1_000 + number), type="fraud.scored",
        version=1, subject=f"{number:032x}", occurred_at=at, recorded_at=at, source="fraud",
        payload=canonical.encode(record(event, **known)).decode(),
    )  # fmt: skip
