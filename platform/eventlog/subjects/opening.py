"""Open sealed fields: for whoever may see them, and as long as the subject's key is there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from eventlog.subjects import fields, keys
from eventlog.tenancy import active_tenant


class Sealed(NamedTuple):
    """The columns of an event that opening it takes."""

    id: UUID
    subject: str
    sealed: bytes | None


def opened(events: Sequence[Sealed], *, now: datetime) -> list[dict[str, Any]]:
    """The personal fields of each of ``events``, by dotted name; one look-up of keys for all.

    Empty where nothing was sealed or the subject is erased. Raises ``DamagedSeal``.
    """
    schema = active_tenant()
    subjects = sorted({event.subject for event in events if event.sealed is not None})
    ciphers = keys.ciphers(subjects, now=now) if subjects else {}
    found: list[dict[str, Any]] = []
    for event in events:
        cipher = ciphers.get(event.subject)
        if event.sealed is None or cipher is None:
            found.append({})
            continue
        found.append(
            fields.open_sealed(
                cipher, event.sealed, tenant=schema, subject=event.subject, event_id=event.id
            )
        )
    return found
