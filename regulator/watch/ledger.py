"""From what a pass sees to what is new: found, extended, ended. Pure.

An anomaly keeps its id while its stretch goes on. A sighting belongs to an anomaly of the same
operator and subject when it overlaps it, or begins within the kind's quiet time after it. Only what
reaches beyond what was judged before is news, so that the same pass twice finds nothing new.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from kernel import ids
from regulator.contracts import Severity
from regulator.detectors.anomaly import Kind
from regulator.watch.sighting import LASTING, QUIET, Sighting, subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An anomaly as it was told last."""

    id: str
    operator: str
    kind: Kind
    started_at: datetime
    ended_at: datetime
    severity: Severity
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What one pass changes: new anomalies, known ones that went on, ids of those that are over."""

    found: tuple[tuple[str, Sighting], ...] = ()
    extended: tuple[tuple[str, Sighting], ...] = ()
    ended: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.found or self.extended or self.ended)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a pass looked at: ``kinds``, of each operator from ``since`` until before ``until``.

    Operators that are not named were not judged. The market as a whole is ``""``.
    """

    kinds: frozenset[Kind]
    since: Mapping[str, datetime]
    until: Mapping[str, datetime]


def news(
    seen: Sequence[Sighting], standing: Sequence[Standing], judged: Judged, *, space: str
) -> News:
    """Hold what was seen against what stands. ``space`` keeps the ids of tenants apart."""
    found, extended, touched = [], [], set()
    for each in seen:
        before = _of(each, standing)
        if before is not None:
            if not each.done:
                touched.add(before.id)
            if _goes_on(each, before):
                extended.append((before.id, each))
        elif _is_news(each, judged):
            found.append((str(name(each, space)), each))
    ended = [
        each.id
        for each in standing
        if not each.over and each.kind in judged.kinds and _over(each, touched, judged)
    ]
    ended += [key for key, each in found if each.done]
    return News(found=tuple(found), extended=tuple(extended), ended=tuple(ended))


def _is_news(each: Sighting, judged: Judged) -> bool:
    """Whether it reaches beyond what was judged before; what is so now or of a period always is."""
    if each.kind in LASTING or each.kind is Kind.FEED_SILENT:
        return True
    return each.ended_at > judged.since.get(each.operator, each.ended_at)


def name(each: Sighting, space: str) -> UUID:
    """The id of an anomaly that begins with this sighting: the same whoever finds it."""
    began = each.started_at.isoformat()
    return ids.event_id(f"anomaly {space} {each.operator} {subject(each.kind)} {began}")


def _of(each: Sighting, standing: Sequence[Standing]) -> Standing | None:
    """The anomaly that a sighting belongs to: the latest that it touches."""
    quiet = QUIET.get(each.kind)
    touching = [
        known
        for known in standing
        if known.operator == each.operator
        and subject(known.kind) == subject(each.kind)
        and (
            known.started_at == each.started_at
            if quiet is None
            else known.started_at <= each.ended_at and each.started_at <= known.ended_at + quiet
        )
    ]
    return max(touching, key=lambda known: known.started_at, default=None)


def _goes_on(each: Sighting, before: Standing) -> bool:
    """Whether a sighting says more than was told: longer, worse, or back after all."""
    order = list(Severity)
    worse = order.index(each.severity) < order.index(before.severity)
    back = before.over and each.kind in LASTING and not each.done
    return each.ended_at > before.ended_at or worse or back


def _over(each: Standing, touched: set[str], judged: Judged) -> bool:
    if each.kind in LASTING:
        return each.id not in touched
    until = judged.until.get(each.operator)
    return until is not None and until > each.ended_at + QUIET.get(each.kind, timedelta(0))
