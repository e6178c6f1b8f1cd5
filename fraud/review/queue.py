"""The queue of a reviewer: the most uncertain first, then what costs most.

Every sixteenth case that somebody else labelled comes again at the end, for a second opinion.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from fraud.cases.queries import CaseItem, item
from fraud.models import Case, Label
from fraud.review.agreement import Agreement, agreement
from fraud.review.likeness import nearest
from kernel.errors import InvalidInput

SIMILAR, COMPARED = 3, 300
PATTERNS: Mapping[str, str] = {
    "publisher": "publisher", "ip": "address", "device": "device", "agent": "fingerprint",
    "subject": "person",
}  # fmt: skip
"""Entities by which cases are labelled together, in words."""
MOST_TOGETHER = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A labelled case like another; ``alike`` is 1 for the same."""

    case: CaseItem
    fraud: bool
    alike: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelItem:
    """What somebody said of an event."""

    event: str
    actor: str
    at: datetime
    fraud: bool
    note: str


def waiting(actor: str, *, kind: str = "", without: Collection[str] = ()) -> QuerySet[Any]:
    """The cases that wait for ``actor``, in their order; ``without`` are as good as labelled."""
    of_case = Label.objects.filter(event=OuterRef("event"))
    rows = Case.objects.annotate(
        said=Exists(of_case), mine=Exists(of_case.filter(actor=actor)),
        name=Cast("event", TextField()),
    ).filter(mine=False)  # fmt: skip
    rows = rows.filter(Q(said=False) | Q(name__endswith="0")).exclude(event__in=list(without))
    if kind:
        rows = rows.filter(kind=kind)
    return rows.order_by("said", "-uncertainty", "-value", "event")


def counts(actor: str, *, without: Collection[str] = ()) -> tuple[int, int]:
    """How many cases nobody labelled yet, and for how many a second opinion is wanted."""
    rows = waiting(actor, without=without)
    return rows.filter(said=False).count(), rows.filter(said=True).count()


def unlabelled() -> int:
    """How many cases nobody labelled yet."""
    return Case.objects.exclude(Exists(Label.objects.filter(event=OuterRef("event")))).count()


def similar(case: CaseItem) -> list[Similar]:
    """Labelled cases of the same type that are most like this one."""
    words = {row.event: row.fraud for row in Label.objects.order_by("-at")[:COMPARED]}
    rows = list(Case.objects.filter(event__in=words, type=case.type).exclude(event=case.event))
    known = [row.record.get("features") or {} for row in rows]
    return [
        Similar(case=item(rows[place]), fraud=words[rows[place].event], alike=1.0 - far)
        for place, far in nearest(case.record.features, known, SIMILAR)
    ]


def together(case: CaseItem, pattern: str, actor: str) -> list[UUID]:
    """This case and those waiting that share its kind and an entity. Raises ``InvalidInput``."""
    if pattern not in PATTERNS or pattern not in case.record.entities:
        raise InvalidInput("There is no such pattern.")
    shared = {f"record__entities__{pattern}": case.record.entities[pattern]}
    # One without a kind shares it with those without one, not with all.
    alike = waiting(actor).filter(said=False, kind=str(case.kind or ""), **shared)
    found = list(alike.values_list("event", flat=True)[:MOST_TOGETHER])
    return [UUID(case.event), *(event for event in found if str(event) != case.event)]


def patterns(case: CaseItem, actor: str) -> list[tuple[str, str, int]]:
    """The patterns by which others could be labelled with this one: key, words, how many others."""
    found = [
        (key, words, len(together(case, key, actor)) - 1)
        for key, words in PATTERNS.items()
        if key in case.record.entities
    ]
    return [each for each in found if each[2] > 0]


def labels(event: str) -> list[LabelItem]:
    """What was said of an event, the newest first."""
    return [
        LabelItem(event=str(row.event), actor=row.actor, at=row.at, fraud=row.fraud, note=row.note)
        for row in Label.objects.filter(event=event).order_by("-at")
    ]


def agreed(most: int = 10_000) -> Agreement:
    """Whether reviewers agree, over the newest ``most`` labels."""
    words: dict[UUID, list[bool]] = {}
    for event, fraud in Label.objects.order_by("-at").values_list("event", "fraud")[:most]:
        words.setdefault(event, []).append(fraud)
    return agreement(words.values())
