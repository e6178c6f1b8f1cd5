"""Put a batch's touches, conversions and spend into their tables."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date

from attribution.projection import tables
from attribution.projection.facts import ConversionFact, Facts, SpendFact, TouchFact
from attribution.projection.names import Label
from attribution.store.words import CONVERSION_TYPE

_TOUCH_COLUMNS = (
    "position", "xid", "event_id", "subject", "person", "occurred_at",
    "kind", "segment", "channel", "campaign", "source", "medium",
)  # fmt: skip
_CONVERSION_COLUMNS = (
    ("position", "bigint"),
    ("xid", "bigint"),
    ("event_id", "uuid"),
    ("subject", "text"),
    ("person", "text"),
    ("occurred_at", "timestamptz"),
    ("conversion_type", "integer"),
    ("value", "bigint"),
    ("order_id", "text"),
)
_PLACE = (("day", "date"), ("channel", "integer"), ("source", "integer"), ("campaign", "integer"))
_FIGURES = (("cost", "bigint"), ("impressions", "bigint"), ("clicks", "bigint"))
_FIGURES_REPLACED = (
    "ON CONFLICT (day, channel, source, campaign) DO UPDATE"
    " SET cost = excluded.cost, impressions = excluded.impressions, clicks = excluded.clicks"
)
_TOUCH_COST_ADDED = (
    "ON CONFLICT (day, channel, source, campaign) DO UPDATE"
    " SET touch_cost = attribution_spend.touch_cost + excluded.touch_cost"
)

Ids = Mapping[Label, int]
Place = tuple[date, int, int, int]


def write(facts: Facts, ids: Ids, person_of: Mapping[str, str]) -> set[str]:
    """Store the facts; returns the persons who got a touch or a conversion that counts."""
    _touches(facts.touches, ids, person_of)
    _touch_store(facts.touches, ids)
    _spend(facts.spends, ids)
    _touch_costs(facts.touches, ids)
    changed = {person_of[fact.event.subject] for fact in facts.touches}
    written = set(_conversions(facts.conversions, ids, person_of))
    changed.update(
        person_of[fact.event.subject]
        for fact in facts.conversions
        if fact.event.position in written
    )
    return changed


def _touches(touches: Sequence[TouchFact], ids: Ids, person_of: Mapping[str, str]) -> None:
    tables.copy(
        "attribution_touchpoint",
        _TOUCH_COLUMNS,
        (
            (
                fact.event.position,
                fact.event.xid,
                fact.event.id,
                fact.event.subject,
                person_of[fact.event.subject],
                fact.event.occurred_at,
                fact.kind,
                fact.segment,
                *_keys(fact, ids),
                fact.medium,
            )
            for fact in touches
        ),
    )


def _keys(fact: TouchFact | SpendFact, ids: Ids) -> tuple[int, int, int]:
    return ids[(0, fact.channel)], ids[(1, fact.campaign)], ids[(2, fact.source)]


def _conversions(
    conversions: Sequence[ConversionFact], ids: Ids, person_of: Mapping[str, str]
) -> list[int]:
    """Positions of the conversions written; of one order the first in the log counts."""
    rows = [
        (
            fact.event.position,
            fact.event.xid,
            fact.event.id,
            fact.event.subject,
            person_of[fact.event.subject],
            fact.event.occurred_at,
            ids[(CONVERSION_TYPE, fact.conversion_type)],
            fact.value,
            fact.order_id,
        )
        for fact in conversions
    ]
    return tables.insert(
        "attribution_conversion",
        _CONVERSION_COLUMNS,
        rows,
        conflict="ON CONFLICT DO NOTHING",
        returning="position",
    )


def _touch_store(touches: Sequence[TouchFact], ids: Ids) -> None:
    sums: dict[tuple[int, date, int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for fact in touches:
        day = fact.event.occurred_at.astimezone(UTC).date()
        for dimension, key in enumerate(_keys(fact, ids)):
            entry = sums[(dimension, day, fact.segment, key)]
            entry[0] += 1
            if fact.kind:
                entry[fact.kind] += 1
    tables.add(tables.TOUCH, sums)


def _spend(spends: Sequence[SpendFact], ids: Ids) -> None:
    figures: dict[Place, tuple[int, int, int]] = {}
    for fact in spends:
        channel, campaign, source = _keys(fact, ids)
        place = (fact.day, channel, source, campaign)
        figures[place] = (fact.cost, fact.impressions, fact.clicks)
    rows = [(*place, *numbers, 0) for place, numbers in sorted(figures.items())]
    columns = (*_PLACE, *_FIGURES, ("touch_cost", "bigint"))
    tables.insert("attribution_spend", columns, rows, conflict=_FIGURES_REPLACED)


def _touch_costs(touches: Sequence[TouchFact], ids: Ids) -> None:
    costs: dict[Place, int] = defaultdict(int)
    for fact in touches:
        if fact.cost:
            channel, campaign, source = _keys(fact, ids)
            day = fact.event.occurred_at.astimezone(UTC).date()
            costs[(day, channel, source, campaign)] += fact.cost
    rows = [(*place, 0, 0, 0, cost) for place, cost in sorted(costs.items())]
    columns = (*_PLACE, *_FIGURES, ("touch_cost", "bigint"))
    tables.insert("attribution_spend", columns, rows, conflict=_TOUCH_COST_ADDED)
