"""Histories with labels, as a test tells them."""

import uuid
from datetime import UTC, datetime, timedelta

import numpy as np

from eventlog import canonical
from eventlog.contracts import StoredEvent

START = datetime(2026, 11, 2, 10, tzinfo=UTC)


def stored(number, type, seconds, body, *, who="a" * 32, source="api", late=0.0):
    """An event that happened ``seconds`` after the start and was recorded ``late`` after that."""
    at = START + timedelta(seconds=float(seconds))
    return StoredEvent(
        xid=number, position=number, id=uuid.UUID(int=number), type=type, version=1, subject=who,
        occurred_at=at, recorded_at=at + timedelta(seconds=late), source=source,
        payload=canonical.encode(body).decode(),
    )  # fmt: skip


def click(number, seconds, *, publisher="alderads", **how):
    """A click of a publisher."""
    return stored(number, "ad.click", seconds, {"touch": {"source": publisher}}, **how)


def label(number, of, seconds, *, fraud=True, actor="m" * 32, kind=None, entities=None):
    """What somebody says of the event numbered ``of``."""
    body = {
        "event": str(uuid.UUID(int=of)), "type": "ad.click", "fraud": fraud, "actor": actor,
        "kind": kind, "note": "", "entities": entities or {},
    }  # fmt: skip
    return stored(number, "fraud.labelled", seconds, body, source="fraud")


def withdrawn(number, of, seconds, *, actor="m" * 32):
    """Somebody's word taken back."""
    body = {"event": str(uuid.UUID(int=of)), "actor": actor}
    return stored(number, "fraud.label_withdrawn", seconds, body, source="fraud")


def history(people=400, *, seed=1, false=0.3):
    """Installs after clicks, each labelled an hour later: injected ones are false."""
    rng, events, number = np.random.default_rng(seed), [], 0
    for person in range(people):
        number += 10
        who, at, is_false = f"{person:032x}", 600.0 * person, bool(rng.random() < false)
        took = float(rng.uniform(0.2, 2.5) if is_false else rng.lognormal(5, 1) + 15)
        events.append(click(number, at, who=who, publisher=f"p{rng.integers(5)}"))
        install = {"conversion_type": "install"}
        events.append(stored(number + 1, "conversion.recorded", at + took, install, who=who))
        events.append(label(number + 2, number + 1, at + 90_000, fraud=is_false))
    return events
