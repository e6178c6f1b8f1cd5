"""What flows through the pipeline: a batch of drafts and the rejections gathered so far.

A step returns a batch with the drafts it could serve and a ``Rejection`` for each it could not.
Drafts are filled in place: they belong to their batch alone, and a copy of each per step was a
tenth of what ingestion cost. Everything else here is immutable.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from ingest.personal import masked
from ingest.wire import Incoming
from kernel.errors import DomainError

DETAIL_LENGTH = 200
NO_ID = UUID(int=0)


class Draft(msgspec.Struct, kw_only=True):
    """An event on its way to the log; each step fills in what it knows.

    ``index`` is its place in the request. ``occurred_at`` is ``None`` until append finds the time
    of an event sent without one, or by a wrong clock (``corrected`` is then its time by ours).
    ``incoming`` is what was sent, personal fields and full addresses included: a step may read it,
    nothing of it is kept but through ``body`` and, for the subject's key alone, through
    ``personal`` (by dotted name) and ``ids`` (as they were sent).
    """

    index: int
    incoming: Incoming
    type: str
    version: int = 0
    id: UUID = NO_ID
    occurred_at: datetime | None = None
    corrected: datetime | None = None
    subject: str = ""
    person: str | None = None
    personal: dict[str, Any] = {}
    ids: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    traits: dict[str, Any] = {}
    body: dict[str, Any] = {}
    payload: bytes = b""
    sealed: bytes | None = None


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """An event turned away: where it stood, a stable code, a sentence, and its outline.

    ``excerpt`` shows names and kinds of values, never a personal value (see ``ingest.outline``).
    """

    index: int
    code: str
    detail: str
    excerpt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What holds for a whole batch: time, tenant's secret, source, how old is too old.

    ``trusted``: a member sends it, who may also write what is reserved. ``own_hosts``: the sites
    of the tenant, which refer nobody to each other. ``skew`` is added to the sender's times
    (``ingest.clocks``). ``epoch`` is the tenant's when the request began, ``None`` for what takes
    longer than a request (``eventlog.subjects.keys``).
    """

    now: datetime
    secret: bytes
    source: str
    oldest: timedelta
    trusted: bool = False
    own_hosts: frozenset[str] = frozenset()
    skew: timedelta = timedelta(0)
    epoch: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Drafts still on their way, rejections so far; ``duplicates`` is known after append.

    ``scores`` is what an app says of events to their sender, each with the event's ``index``.
    """

    circumstances: Circumstances
    drafts: tuple[Draft, ...]
    rejected: tuple[Rejection, ...] = ()
    duplicates: frozenset[int] = frozenset()
    scores: tuple[dict[str, Any], ...] = ()

    @property
    def accepted(self) -> int:
        """How many events are new in the log (after append)."""
        return len(self.drafts) - len(self.duplicates)


class Rejected(DomainError):
    """Raised inside a step for one event; ``code`` is the instance's."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = code


def fill(batch: Batch, function: Callable[[Draft, Circumstances], None]) -> Batch:
    """Let ``function`` fill in each draft; one it raises a ``DomainError`` for is rejected."""
    refused: dict[int, Rejection] = {}
    circumstances = batch.circumstances
    for draft in batch.drafts:
        try:
            function(draft, circumstances)
        except DomainError as error:
            refused[id(draft)] = rejection(draft, error)
    return without(batch, refused)


def without(batch: Batch, refused: dict[int, Rejection]) -> Batch:
    """``batch`` less the drafts ``refused`` names by their ``id()``, with those rejections."""
    if not refused:
        return batch
    drafts = tuple(draft for draft in batch.drafts if id(draft) not in refused)
    return replace(batch, drafts=drafts, rejected=(*batch.rejected, *refused.values()))


def rejection(draft: Draft, error: DomainError) -> Rejection:
    """The rejection of ``draft`` for ``error``."""
    from ingest.outline import outline

    return Rejection(
        index=draft.index,
        code=error.reason if isinstance(error, Rejected) else error.code,
        detail=masked(error.detail)[:DETAIL_LENGTH],
        excerpt=outline(draft.incoming),
    )
