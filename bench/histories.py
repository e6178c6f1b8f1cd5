"""Logs as they would be after a simulated time or an import, with labels, without a database."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import django
import msgspec
from django.conf import settings

from bench.ingested import ingested
from eventlog import canonical
from eventlog.contracts import StoredEvent
from fraud.features import ENTITIES, sight
from kernel import ids
from simulation.adfraud import HOSTING, Scheme, traffic

START = datetime(2026, 3, 10, tzinfo=UTC)
LABELLED_AFTER = timedelta(hours=12)
BATCH = 200
DAYS = 3.0


def simulated(
    seed: int, people: int, *, schemes: Collection[Scheme] = tuple(Scheme), bare: bool = False
) -> tuple[list[StoredEvent], dict[Any, str]]:
    """Three days of an app's traffic, each event labelled half a day later; the schemes by id.

    ``bare``: a server sends them, which knows nothing of devices and networks.
    """
    _know_networks()
    told = traffic(seed=seed, start=START, people=people, days=DAYS, schemes=schemes)
    log, kinds = [], {}
    for start in range(0, len(told), BATCH):
        part = told[start : start + BATCH]
        told_of = [_bare(each.event) if bare else each.event for each in part]
        events = stored(told_of, START + timedelta(days=40), source="api")
        for event, each in zip(events, part, strict=True):
            kinds[event.id] = str(each.scheme) if each.scheme else ""
            log += [
                event,
                label(event, each.scheme is not None, event.occurred_at + LABELLED_AFTER),
            ]
    return log, kinds


def _bare(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in event.items() if name != "context"}


@cache
def _know_networks() -> None:
    """Supply the lists of networks that an installation has, of the simulated data centres."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    folder = Path(tempfile.mkdtemp(prefix="bench-addresses-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "hosting.txt").write_text("\n".join(HOSTING))
    settings.ADDRESSES_DIR = folder


def stored(events: Sequence[Mapping[str, Any]], now: datetime, *, source: str) -> list[StoredEvent]:
    """Native events as the log would give them back, recorded when they happened."""
    drafts = ingested(events, now).drafts
    if len(drafts) != len(events):
        raise ValueError("an event of a benchmark was refused")
    return [
        StoredEvent(
            xid=1, position=1, id=draft.id, type=draft.type, version=1, subject=draft.subject,
            occurred_at=_at(draft.occurred_at), recorded_at=_at(draft.occurred_at), source=source,
            payload=canonical.encode(draft.body).decode(),
        )
        for draft in drafts
    ]  # fmt: skip


def label(event: StoredEvent, fraud: bool, at: datetime) -> StoredEvent:
    """What was said of ``event`` at ``at``."""
    seen = sight(event.type, event.subject, _body(event), event.occurred_at)
    body = {
        "event": str(event.id), "type": event.type, "fraud": fraud, "actor": "bench",
        "kind": None, "note": "",
        "entities": {name: own for name, own in zip(ENTITIES.names, seen.ids, strict=True) if own},
    }  # fmt: skip
    return StoredEvent(
        xid=1, position=1, id=ids.event_id(f"label {event.id}"), type="fraud.labelled", version=1,
        subject=event.subject, occurred_at=at, recorded_at=at, source="fraud",
        payload=canonical.encode(body).decode(),
    )  # fmt: skip


def _body(event: StoredEvent) -> Any:
    return msgspec.json.decode(event.payload)


def _at(moment: datetime | None) -> datetime:
    if moment is None:
        raise ValueError("an event of a benchmark has no time")
    return moment
