"""A simulated market's people as the product knows them: from its events, through ingestion."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

import numpy as np

from attribution.behaviour import reading
from attribution.behaviour.history import Histories, histories, joined
from attribution.credit.paths import Ints
from attribution.journeys.people import union
from bench.ingested import SECRET, ingested
from eventlog import catalogue
from kernel.ids import pseudonym
from simulation import events
from simulation.advertiser import Simulation

BATCH = 5_000
_NOW = datetime(2026, 12, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """People as the product knows them, and who they are, which only a simulation knows.

    ``profile`` (people,) is the planted one; ``rows`` leads from a simulated person to the row of
    their first device.
    """

    histories: Histories
    profile: Ints
    rows: dict[int, int]


def observed(simulation: Simulation) -> Known:
    """Everybody's history.

    The events go through every step of ingestion that needs no database, are decoded as a
    projection decodes them, and people are stitched as it stitches them.
    """
    _set_up()
    acts: dict[str, list[tuple[int, int]]] = {}
    links: list[tuple[str, str]] = []
    stream = events.native(simulation)
    while chunk := list(islice(stream, BATCH)):
        for draft in ingested(chunk, _NOW).drafts:
            body = catalogue.decode_payload(draft.type, draft.version, draft.payload)
            if getattr(body, "person", None) and body.person != draft.subject:
                links.append((draft.subject, body.person))
            if draft.type in reading.RELEVANT and (act := reading.act(draft.type, body)):
                assert draft.occurred_at is not None
                at = round(draft.occurred_at.timestamp() * 1e6)
                acts.setdefault(draft.subject, []).append((at, act.packed()))
    moved = union(links, {})
    subjects = sorted(acts)
    people = sorted({moved.get(each, each) for each in subjects})
    row = {person: number for number, person in enumerate(people)}
    rows = np.array([row[moved.get(each, each)] for each in subjects], dtype=np.int64)
    owner = _owners(simulation)
    profile = np.zeros(len(people), dtype=np.int64)
    profile[rows] = simulation.profile[[owner[each] for each in subjects]]
    packed = [joined(b"", acts[each]) for each in subjects]
    return Known(
        histories=histories(packed, rows, len(people)),
        profile=profile,
        rows={owner[each]: row[moved.get(each, each)] for each in reversed(subjects)},
    )


def _set_up() -> None:
    """Load the apps: they register event types and steps."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


def _owners(simulation: Simulation) -> dict[str, int]:
    """Pseudonym of a device -> simulated person."""
    return {
        pseudonym(SECRET, "a", f"{simulation.seed}-{person}-{device}"): person
        for person in range(len(simulation.profile))
        for device in range(2)
    }
