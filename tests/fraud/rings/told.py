"""Suspicious events as a test tells them."""

import uuid
from datetime import UTC, datetime, timedelta

from fraud.features.sighting import identity
from fraud.models import Case
from fraud.rings.found import name_of
from fraud.rings.graph import Suspicious
from tests.fraud.cases.told import record

START = datetime(2026, 11, 2, 10, tzinfo=UTC)


def suspicious(number, *, after=None, kind="device_farm", value=1.0, cellular=False, **entities):
    """The event of that number, a minute after the one before; ``entities`` are ids by sort."""
    minutes = number if after is None else after
    return Suspicious(
        event=str(uuid.UUID(int=number)), at=START + timedelta(minutes=minutes), kind=kind,
        value=value, entities={sort: float(each) for sort, each in entities.items()},
        cellular=cellular,
    )  # fmt: skip


def shelf(*, devices=6, each=2, ip=900, publisher=77, first=1, **how):
    """A shelf of devices, each its person, all behind one address and paid for by one publisher."""
    return [
        suspicious(
            first + place, subject=1_000 * ip + who, device=5_000 * ip + who, agent=300, ip=ip,
            publisher=publisher, **how,
        )
        for place in range(devices * each)
        for who in (place % devices,)
    ]  # fmt: skip


def keep(cases, *, end):
    """Make them cases of the active tenant, the newest at ``end``, decided as they happened."""
    newest = max(each.at for each in cases)
    for each in cases:
        at = end - (newest - each.at)
        kept = record(each.event, kind=3.0) | {"entities": each.entities}
        Case.objects.create(
            event=each.event, at=at, decided_at=at, type="ad.click", subject="5" * 32, score=86,
            verdict="block", kind=each.kind, value=each.value, record=kept,
        )  # fmt: skip


def kept_ring(publisher, *, end):
    """A ring of the active tenant that works for ``publisher``; its name."""
    cases = shelf(publisher=identity("publisher", publisher))
    keep(cases, end=end)
    return name_of(cases[0].event)
