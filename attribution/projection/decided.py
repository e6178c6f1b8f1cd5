"""Reads of rules, decisions and merged reports, for pages and the API."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attribution.contracts import Model
from attribution.decided import (
    AuditRow,
    DecisionDetail,
    DecisionItem,
    MergedReport,
    Moved,
    MovedJourneyItem,
    RulesView,
)
from attribution.models import CreditMove, Decision, MovedJourney
from attribution.projection import names, sums
from attribution.projection.standing import standing
from attribution.store.words import (
    ADDITIVE,
    CONVERSION_TYPE,
    DIMENSIONS,
    MERGE_RULES,
    MICRO,
    UNIT,
)
from kernel.errors import NotFound
from kernel.paging import Page, decode_cursor, encode_cursor

MOST = 500
_LAST = "SELECT occurred_at, actor FROM attribution_rules ORDER BY xid DESC, position DESC LIMIT 1"
_LEFT = "SELECT done, total FROM attribution_rework"
_ORIGINS = "SELECT DISTINCT origin FROM attribution_conversion ORDER BY origin LIMIT 50"
_MERGED = """
SELECT report.position, report.merge_rule, report.conversion_type, report.order_id,
       report.occurred_at, report.origin, report.value, report.subject,
       counted.occurred_at, counted.origin, counted.value, counted.person
FROM attribution_conversion AS report
JOIN attribution_conversion AS counted ON counted.position = report.merged_into
WHERE report.merged_into IS NOT NULL AND report.position < %s
ORDER BY report.position DESC LIMIT %s
"""
_UNATTRIBUTED = """
SELECT coalesce(sum(CASE WHEN cardinality(after) = 0 THEN value ELSE -value END), 0)::bigint
FROM attribution_moved_journey
WHERE decision = %s AND conversion_type > 0
  AND (cardinality(before) = 0) <> (cardinality(after) = 0)
"""
_NEWEST = 1 << 62


def rules() -> RulesView:
    """The rules that hold and how far journeys are cut by them."""
    last, left = sums.rows(_LAST, []), sums.rows(_LEFT, [])
    at, actor = last[0] if last else (None, "")
    done, total = left[0] if left else (None, None)
    return RulesView(
        rules=standing().rules, set_at=at, actor=actor, done=done,
        total=max(total, 0) if total is not None else None,
    )  # fmt: skip


def origins() -> tuple[str, ...]:
    """Who has reported conversions so far, in alphabetical order."""
    return tuple(origin for (origin,) in sums.rows(_ORIGINS, []))


def decisions(*, cursor: str | None, limit: int) -> Page[DecisionItem]:
    """Decisions, the last in the log first."""
    found = Decision.objects.order_by("-position")
    if cursor is not None:
        (position,) = decode_cursor(cursor, (int,))
        found = found.filter(position__lt=position)
    rows = list(found[: limit + 1])
    return Page(
        items=[_item(row) for row in rows[:limit]],
        next_cursor=encode_cursor(rows[limit - 1].position) if len(rows) > limit else None,
    )


def decision(event_id: str, *, model: Model, currency: str) -> DecisionDetail:
    """A decision and what it moved under an additive ``model``; raises ``NotFound``."""
    row = _find(event_id)
    channels = _moved(row, 0, model)
    gained = sum(max(each.value_moved, 0.0) for each in channels)
    lost = sum(max(-each.value_moved, 0.0) for each in channels)
    return DecisionDetail(
        decision=_item(row),
        channels=channels,
        sources=_moved(row, 2, model),
        journeys=_journeys(row),
        money=min(gained, lost),
        unattributed=sums.rows(_UNATTRIBUTED, [row.position])[0][0] / MICRO,
        currency=currency,
    )


def audit(event_id: str) -> tuple[AuditRow, ...]:
    """Every number of the store of credit that a decision changed; raises ``NotFound``."""
    row = _find(event_id)
    labels = {dimension: sums.labels(dimension) for dimension in range(4)}
    segments = names.segments()
    found = CreditMove.objects.filter(decision=row.position).order_by(
        "dimension", "model", "day", "conversion_type", "segment", "key"
    )
    return tuple(
        AuditRow(
            day=each.day,
            conversion_type=labels[CONVERSION_TYPE].get(each.conversion_type, ""),
            segment=segments[each.segment],
            dimension=str(DIMENSIONS[each.dimension]),
            label=labels[each.dimension][each.key],
            model=str(ADDITIVE[each.model]),
            before=each.before / UNIT,
            after=each.after / UNIT,
            value_before=each.value_before / MICRO,
            value_after=each.value_after / MICRO,
        )
        for each in found
    )


def merged_reports(*, cursor: str | None, limit: int) -> Page[MergedReport]:
    """Reports that do not count beside another, the last in the log first."""
    before = decode_cursor(cursor, (int,))[0] if cursor is not None else _NEWEST
    kinds = sums.labels(CONVERSION_TYPE)
    rows = sums.rows(_MERGED, [before, limit + 1])
    return Page(
        items=[_report(row, kinds) for row in rows[:limit]],
        next_cursor=encode_cursor(rows[limit - 1][0]) if len(rows) > limit else None,
    )


def _find(event_id: str) -> Decision:
    found = Decision.objects.filter(event_id=event_id).first()
    if found is None:
        raise NotFound("There is no such decision.")
    return found


def _item(row: Decision) -> DecisionItem:
    return DecisionItem(
        id=str(row.event_id), at=row.occurred_at, rejects=row.rejects, source=row.source,
        start=row.start, end=row.end, standing=row.standing, reason=row.reason,
        decided_by=row.decided_by, named=row.named, touches=row.touches, journeys=row.journeys,
    )  # fmt: skip


def _moved(row: Decision, dimension: int, model: Model) -> tuple[Moved, ...]:
    labels = sums.labels(dimension)
    found = sums.rows(
        "SELECT key, sum(before)::bigint, sum(after)::bigint, sum(value_before)::bigint,"
        " sum(value_after)::bigint FROM attribution_credit_move"
        " WHERE decision = %s AND dimension = %s AND model = %s GROUP BY key",
        [row.position, dimension, ADDITIVE.index(model)],
    )
    moved = [
        Moved(
            key=key, label=labels[key], before=before / UNIT, after=after / UNIT,
            value_before=value_before / MICRO, value_after=value_after / MICRO,
        )
        for key, before, after, value_before, value_after in found
    ]  # fmt: skip
    return tuple(sorted(moved, key=lambda each: (each.value_moved, each.moved, each.label)))


def _journeys(row: Decision) -> tuple[MovedJourneyItem, ...]:
    labels, kinds = sums.labels(0), sums.labels(CONVERSION_TYPE)
    found = MovedJourney.objects.filter(decision=row.position).order_by("-value", "-journey")
    return tuple(
        MovedJourneyItem(
            id=each.journey, person=each.person,
            conversion_type=kinds.get(each.conversion_type, ""), value=each.value / MICRO,
            ended_at=each.ended_at, before=_path(each.before, labels),
            after=_path(each.after, labels),
        )
        for each in found[:MOST]
    )  # fmt: skip


def _path(keys: Sequence[int], labels: dict[int, str]) -> tuple[str, ...]:
    return tuple(labels[key] for key in keys)


def _report(row: tuple[Any, ...], kinds: dict[int, str]) -> MergedReport:
    position, rule, kind, order_id, at, origin, value, subject, *counted = row
    counted_at: datetime = counted[0]
    return MergedReport(
        position=position, rule=MERGE_RULES[rule], conversion_type=kinds[kind], order_id=order_id,
        at=at, origin=origin, value=value / MICRO, subject=subject, counted_at=counted_at,
        counted_origin=counted[1], counted_value=counted[2] / MICRO, counted_person=counted[3],
    )  # fmt: skip
