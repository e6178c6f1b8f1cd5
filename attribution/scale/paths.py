"""From touchpoints and conversions to counted paths: one Ibis expression for every engine.

The rules are ``journeys.build``'s, said once more as relations: nothing here loops, and nothing is
particular to DuckDB, Postgres or Spark. Both tables are as ``scale.tables`` exports them, times
whole microseconds. A path comes out as its steps, each with its rank in front, because not every
engine keeps an order while it aggregates, and every engine can sort an array.
"""

from collections.abc import Sequence
from typing import Any

import ibis
import pandas as pd

from attribution.journeys.build import MICROSECONDS_PER_DAY
from attribution.journeys.rules import ClicksWin, Rules, Window

DIRECT = "Direct"
DIRECT_MICROSECONDS = 30 * 60_000_000
MOST_TOUCHES = 1_000
_SEPARATOR = "\x1f"
_DIGITS = 5
_ORDER = ("at", "xid", "position")


def paths(touchpoints: Any, conversions: Any, rules: Rules, *, by: str = "channel") -> Any:
    """Rows (path, conversions, nulls, value): how often each path was taken.

    ``by`` is the touchpoints' column whose labels make the path. Conversions without a touch are in
    no row. ``value`` is in millionths.
    """
    counted = _counted(touchpoints, rules)
    taken = _taken(counted, conversions, rules)
    alone = _alone(counted, taken, rules)
    kept = _without_beaten(taken, rules)
    steps = kept.select(
        "journey", label=kept[by], at=kept.at, xid=kept.xid, position=kept.position,
        converted=ibis.literal(1), value=kept.value,
    ).union(
        alone.select(
            "journey", label=alone[by], at=alone.at, xid=alone.xid, position=alone.position,
            converted=ibis.literal(0), value=ibis.literal(0, "int64"),
        )
    )  # fmt: skip
    return _aggregated(_newest(steps))


def frame(counted: pd.DataFrame) -> pd.DataFrame:
    """The expression's outcome with paths as tuples of labels, in the order of the paths."""
    found = counted.assign(path=counted["path"].map(_labels))
    return found.sort_values("path", ignore_index=True)


def _labels(text: str) -> tuple[str, ...]:
    return tuple(step[_DIGITS:] for step in text.split(_SEPARATOR))


def _counted(touchpoints: Any, rules: Rules) -> Any:
    """The touches that count at all: real, seen, and no direct visit continued."""
    views, table = rules.views, touchpoints.filter(~touchpoints.rejected)
    view = table.kind == "impression"
    unseen = table.view_ms.fill_null(2**31 - 1) < int(views.min_seconds * 1000)
    if views.viewable_only:
        unseen |= ~table.viewable.fill_null(True)  # what says nothing counts
    table = table.filter(~view | (ibis.literal(views.count) & ~unseen))
    before = table.at.lag().over(ibis.window(group_by="person", order_by=list(_ORDER)))
    table = table.mutate(since=(table.at - before).fill_null(DIRECT_MICROSECONDS + 1))
    return table.filter((table.channel != DIRECT) | (table.since > DIRECT_MICROSECONDS))


def _taken(counted: Any, conversions: Any, rules: Rules) -> Any:
    """A row for each touch of each conversion; ``journey`` is the conversion's position."""
    table = conversions.filter(conversions.counts)
    before = ibis.window(group_by=["person", "conversion_type"], order_by=list(_ORDER))
    table = table.select(
        "person", "conversion_type", "value", journey=table.position, ended=table.at,
        began=table.at.lag().over(before),
    )  # fmt: skip
    joined = counted.join(table, "person")
    age = joined.ended - joined.at
    within = (
        (joined.at <= joined.ended)
        & (joined.began.isnull() | (joined.at > joined.began))
        & (age <= _days(joined, rules) * MICROSECONDS_PER_DAY)
    )
    return joined.filter(within)


def _days(joined: Any, rules: Rules) -> Any:
    """The window of each touch for its conversion, in days."""
    days = ibis.literal(rules.lookback_days)
    for each in _least_telling_first(rules.windows):
        fits = ibis.literal(True)  # the neutral element of "and"
        if each.channel:
            fits &= joined.channel == each.channel
        if each.conversion_type:
            fits &= joined.conversion_type == each.conversion_type
        days = ibis.ifelse(fits, each.days, days)
    if rules.views.days is not None:
        shortest = ibis.least(days, rules.views.days)
        days = ibis.ifelse(joined.kind == "impression", shortest, days)
    return days.cast("int64")


def _least_telling_first(windows: Sequence[Window]) -> list[Window]:
    return sorted(windows, key=lambda each: (bool(each.channel), bool(each.conversion_type)))


def _alone(counted: Any, taken: Any, rules: Rules) -> Any:
    """Touches no conversion took, as journeys that end in a long silence."""
    free = counted.anti_join(taken.select("position").distinct(), "position")
    ordered = ibis.window(group_by="person", order_by=list(_ORDER))
    longest = rules.lookback_days * MICROSECONDS_PER_DAY
    silence = (free.at - free.at.lag().over(ordered)).fill_null(longest + 1)
    free = free.mutate(starts=ibis.ifelse(silence > longest, 1, 0), first=-free.position)
    sofar = ibis.cumulative_window(group_by="person", order_by=list(_ORDER))
    free = free.mutate(turn=free.starts.sum().over(sofar))
    turn = ibis.window(group_by=["person", "turn"], order_by=list(_ORDER))
    return free.mutate(journey=free.first.first().over(turn))


def _without_beaten(taken: Any, rules: Rules) -> Any:
    """Without the impressions that give way to a click or visit of their journey."""
    how = rules.views.clicks_win
    if how is ClicksWin.NEVER:
        return taken
    view = taken.kind == "impression"
    by_channel = how is ClicksWin.CHANNEL
    wins = ~view if by_channel else ~view & (taken.channel != DIRECT)
    group = ["journey", "channel"] if by_channel else ["journey"]
    table = taken.mutate(beats=ibis.ifelse(wins, 1, 0))
    table = table.mutate(beaten=table.beats.max().over(ibis.window(group_by=group)))
    return table.filter((table.kind != "impression") | (table.beaten == 0))


def _newest(steps: Any) -> Any:
    """The latest steps of each journey, ranked from the first of them."""
    backwards = ibis.window(group_by="journey", order_by=[steps[name].desc() for name in _ORDER])
    table = steps.mutate(back=ibis.row_number().over(backwards))
    table = table.filter(table.back < MOST_TOUCHES)
    return table.mutate(
        rank=ibis.row_number().over(ibis.window(group_by="journey", order_by=list(_ORDER)))
    )


def _aggregated(steps: Any) -> Any:
    ranked = steps["rank"].cast("string").lpad(_DIGITS, "0") + steps.label
    journeys = steps.mutate(step=ranked).group_by("journey").agg(
        path=lambda table: table.step.collect().sort().join(_SEPARATOR),
        converted=steps.converted.max(),
        value=steps.value.max(),
    )  # fmt: skip
    return journeys.group_by("path").agg(
        conversions=journeys.converted.sum().cast("int64"),
        nulls=(1 - journeys.converted).sum().cast("int64"),
        value=journeys.value.sum().cast("int64"),
    )
