"""Put a batch's touches, conversions and spend into their tables."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, timedelta

from django.db import connection

from attribution.money.rates import Rates
from attribution.projection import membership, orders, rejected, tables, valuation
from attribution.projection.facts import ConversionFact, Facts, SpendFact, TouchFact
from attribution.projection.names import Label
from attribution.projection.people import People
from attribution.projection.standing import Standing
from attribution.store.words import CONVERSION_TYPE, KINDS, segment_of

_TOUCH_COLUMNS = (
    "position", "xid", "event_id", "subject", "person", "occurred_at",
    "kind", "segment", "channel", "campaign", "source", "medium",
    "viewable", "view_ms", "coarse", "rejected",
)  # fmt: skip
_CONVERSION_COLUMNS = (
    "position", "xid", "event_id", "subject", "person", "occurred_at",
    "conversion_type", "value", "order_id", "currency", "amount", "aside",
    "origin", "merged_into", "merge_rule",
)  # fmt: skip
_COUNTED = (KINDS.index("click"), KINDS.index("impression"))
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

_FOREIGN_COLUMNS = (
    *_PLACE, ("touches", "boolean"), ("currency", "text"), ("amount", "bigint"),
)  # fmt: skip
_FOREIGN_ADDED = (
    "ON CONFLICT (day, channel, source, campaign, touches, currency) DO UPDATE"
    " SET amount = attribution_foreign_cost.amount + excluded.amount"
)
_RESTATED = (
    "DELETE FROM attribution_foreign_cost AS cost"
    " USING unnest(%s::date[], %s::integer[], %s::integer[], %s::integer[])"
    " AS given (day, channel, source, campaign)"
    " WHERE (cost.day, cost.channel, cost.source, cost.campaign)"
    " = (given.day, given.channel, given.source, given.campaign) AND NOT cost.touches"
)

Ids = Mapping[Label, int]
Place = tuple[date, int, int, int]


def write(facts: Facts, ids: Ids, people: People, standing: Standing) -> set[str]:
    """Store the facts; returns the persons who got a touch or a conversion, or lost one to them.

    The batch's own rates are stored already.
    """
    fakes = rejected.among(facts.touches)
    _touches(facts.touches, ids, people, fakes)
    real = [fact for fact in facts.touches if fact.event.position not in fakes]
    _touch_store(real, ids, people)
    _spend(facts.spends, ids, standing.currency)
    _touch_costs(facts.touches, ids, standing.currency)
    changed = {people.of(fact.event) for fact in facts.touches}
    changed.update(people.of(fact.event) for fact in facts.conversions)
    return changed | _conversions(facts.conversions, ids, people, standing)


def _touches(
    touches: Sequence[TouchFact], ids: Ids, people: People, fakes: Collection[int]
) -> None:
    tables.copy(
        "attribution_touchpoint",
        _TOUCH_COLUMNS,
        (
            (
                fact.event.position,
                fact.event.xid,
                fact.event.id,
                fact.event.subject,
                people.of(fact.event),
                fact.event.occurred_at,
                fact.kind,
                fact.segment,
                *_keys(fact, ids),
                fact.medium,
                fact.viewable,
                fact.view_ms,
                fact.coarse,
                fact.event.position in fakes,
            )
            for fact in touches
        ),
    )


def _keys(fact: TouchFact | SpendFact, ids: Ids) -> tuple[int, int, int]:
    return ids[(0, fact.channel)], ids[(1, fact.campaign)], ids[(2, fact.source)]


def _conversions(
    conversions: Sequence[ConversionFact], ids: Ids, people: People, standing: Standing
) -> set[str]:
    """Store the reports and let each order count once; returns who got or lost a conversion so."""
    home = standing.currency
    rates = valuation.rates(
        (fact.currency, _day(fact)) for fact in conversions if fact.currency != home
    )
    rows = [
        (
            fact.event.position,
            fact.event.xid,
            fact.event.id,
            fact.event.subject,
            people.of(fact.event),
            fact.event.occurred_at,
            ids[(CONVERSION_TYPE, fact.conversion_type)],
            *_worth(fact, rates, home),
            fact.event.source,
            None,
            0,
        )
        for fact in conversions
    ]
    tables.copy("attribution_conversion", _CONVERSION_COLUMNS, rows)
    told = {(row[6], row[8]) for row in rows if row[8]}
    return orders.elect(told, standing.rules.merging.sources)


def _worth(fact: ConversionFact, rates: Rates, home: str) -> tuple[int, str, str, int, bool]:
    """Value, order, and for a foreign amount: its currency, as it was sent, whether aside."""
    if fact.currency in ("", home):
        return fact.value, fact.order_id, "", 0, False
    worth = rates.worth(fact.value, fact.currency, _day(fact))
    return worth or 0, fact.order_id, fact.currency, fact.value, worth is None


def _day(fact: ConversionFact | TouchFact) -> date:
    return fact.event.occurred_at.astimezone(UTC).date()


def _touch_store(touches: Sequence[TouchFact], ids: Ids, people: People) -> None:
    profiles = membership.profiles_of({people.of(fact.event) for fact in touches})
    sums: dict[tuple[int, date, int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for fact in touches:
        day = _day(fact)
        segment = segment_of(fact.segment, profiles.get(people.of(fact.event), 0))
        for dimension, key in enumerate(_keys(fact, ids)):
            entry = sums[(dimension, day, segment, key)]
            entry[0] += 1
            if fact.kind in _COUNTED:
                entry[fact.kind] += 1
    tables.add(tables.TOUCH, sums)


def _spend(spends: Sequence[SpendFact], ids: Ids, home: str) -> None:
    """A day's figures replace the earlier ones, whatever currency either came in."""
    last: dict[Place, SpendFact] = {}
    for fact in spends:
        channel, campaign, source = _keys(fact, ids)
        last[(fact.day, channel, source, campaign)] = fact
    if not last:
        return
    rows, foreign = [], []
    for place, fact in sorted(last.items(), key=lambda each: each[0]):
        own = fact.currency in ("", home)
        rows.append((*place, fact.cost if own else 0, fact.impressions, fact.clicks, 0))
        if not own:
            foreign.append((*place, False, fact.currency, fact.cost))
    columns = (*_PLACE, *_FIGURES, ("touch_cost", "bigint"))
    with connection.cursor() as cursor:
        cursor.execute(_RESTATED, [list(column) for column in zip(*last, strict=True)])
    tables.insert("attribution_spend", columns, rows, conflict=_FIGURES_REPLACED)
    _foreign(foreign)


def _touch_costs(touches: Sequence[TouchFact], ids: Ids, home: str) -> None:
    costs: dict[Place, int] = defaultdict(int)
    foreign: dict[tuple[Place, str], int] = defaultdict(int)
    for fact in touches:
        if not fact.cost:
            continue
        channel, campaign, source = _keys(fact, ids)
        place = (_day(fact), channel, source, campaign)
        if fact.currency in ("", home):
            costs[place] += fact.cost
        else:
            costs[place] += 0  # the place is one that cost something
            foreign[(place, fact.currency)] += fact.cost
    rows = [(*place, 0, 0, 0, cost) for place, cost in sorted(costs.items())]
    columns = (*_PLACE, *_FIGURES, ("touch_cost", "bigint"))
    tables.insert("attribution_spend", columns, rows, conflict=_TOUCH_COST_ADDED)
    _foreign([(*place, True, word, cost) for (place, word), cost in sorted(foreign.items())])


def _foreign(rows: Sequence[tuple[date, int, int, int, bool, str, int]]) -> None:
    """Add foreign costs to what is stored, and give them their worth."""
    tables.insert("attribution_foreign_cost", _FOREIGN_COLUMNS, rows, conflict=_FOREIGN_ADDED)
    days: dict[str, list[date]] = defaultdict(list)
    for row in rows:
        days[row[5]].append(row[0])
    for currency, each in sorted(days.items()):
        valuation.revalue_costs(currency, (min(each), max(each) + timedelta(days=1)))
