"""Journeys are cut as the words say: checked by hand, and against a slow reading of the rules."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from attribution.journeys.build import (
    MICROSECONDS_PER_DAY,
    Config,
    Conversions,
    Reach,
    Touches,
    build,
)
from attribution.journeys.rules import ClicksWin

DAY = MICROSECONDS_PER_DAY
MINUTE = 60_000_000
CONFIG = Config(lookback_days=30, direct_minutes=30)


def ints(values):
    return np.array(values, dtype=np.int64)


def touches(rows):
    """Rows (person, at, direct) and, where it matters, channel and whether it is an impression.

    The order in the log is the order given.
    """
    rows = [(*row, 1, False)[:5] if len(row) == 3 else row for row in rows]
    return Touches(
        person=ints([row[0] for row in rows]),
        at=ints([row[1] for row in rows]),
        order=np.arange(len(rows), dtype=np.int64),
        direct=np.array([row[2] for row in rows], dtype=np.bool_),
        channel=ints([row[3] for row in rows]),
        view=np.array([row[4] for row in rows], dtype=np.bool_),
    )


def conversions(rows):
    """Rows (person, at, kind); they stand in the log behind all touches."""
    return Conversions(
        person=ints([row[0] for row in rows]),
        at=ints([row[1] for row in rows]),
        order=1_000 + np.arange(len(rows), dtype=np.int64),
        kind=ints([row[2] for row in rows]),
    )


def cut(touch_rows, conversion_rows, config=CONFIG):
    """Journeys as {(conversion row or -1, touch rows)}, sorted."""
    found = build(touches(touch_rows), conversions(conversion_rows), config)
    bounds = found.offsets.tolist()
    return sorted(
        (conversion, tuple(found.touch[bounds[j] : bounds[j + 1]].tolist()))
        for j, conversion in enumerate(found.conversion.tolist())
    )


def days_of(config, touch, kind):
    """The window of a touch for a conversion of ``kind``: the last that fits."""
    days = config.lookback_days
    for each in config.reaches:
        if each.channel in (None, touch[3]) and each.kind in (None, kind):
            days = each.days
    return min(days, config.view_days) if touch[4] and config.view_days is not None else days


def unbeaten(config, path, touch_rows):
    """The path without the impressions that give way to clicks."""
    clicks = [touch_rows[t] for _, t in path if not touch_rows[t][4]]
    if config.clicks_win is ClicksWin.CHANNEL:
        winners = {click[3] for click in clicks}
        return [(at, t) for at, t in path if not (touch_rows[t][4] and touch_rows[t][3] in winners)]
    if config.clicks_win is ClicksWin.JOURNEY and any(not click[2] for click in clicks):
        return [(at, t) for at, t in path if not touch_rows[t][4]]
    return path


def slowly(touch_rows, conversion_rows, config=CONFIG):
    """The rules once more, one person and one touch at a time."""
    touch_rows = [(*row, 1, False)[:5] if len(row) == 3 else row for row in touch_rows]
    found, look = [], config.lookback_days * DAY
    soon = config.direct_minutes * MINUTE
    people = {row[0] for row in [*touch_rows, *conversion_rows]}
    for person in people:
        mine = sorted((row[1], i) for i, row in enumerate(touch_rows) if row[0] == person)
        kept = [
            (at, i)
            for n, (at, i) in enumerate(mine)
            if not (n and touch_rows[i][2] and at - mine[n - 1][0] <= soon)
        ]
        used = set()
        kinds = {row[2] for row in conversion_rows if row[0] == person}
        for kind in kinds:
            wanted = sorted(
                (row[1], i)
                for i, row in enumerate(conversion_rows)
                if row[0] == person and row[2] == kind
            )
            before = None
            for at, i in wanted:
                path = [
                    (when, t)
                    for when, t in kept
                    if when <= at
                    and when >= at - days_of(config, touch_rows[t], kind) * DAY
                    and (before is None or when > before)
                ]
                used.update(t for _, t in path)
                path = unbeaten(config, path, touch_rows)
                found.append((i, tuple(t for _, t in path)))
                before = at
        free = [(at, i) for at, i in kept if i not in used]
        group = []
        for at, i in free:
            if group and at - group[-1][0] > look:
                found.append((-1, tuple(t for _, t in group)))
                group = []
            group.append((at, i))
        if group:
            found.append((-1, tuple(t for _, t in group)))
    return sorted(found)


moments = st.integers(0, 400).map(lambda n: n * DAY // 4) | st.integers(0, 90).map(
    lambda n: n * 10 * MINUTE
)
touch_rows = st.lists(st.tuples(st.integers(0, 3), moments, st.booleans()), max_size=25)
conversion_rows = st.lists(st.tuples(st.integers(0, 3), moments, st.integers(1, 2)), max_size=8)


@given(touch_rows, conversion_rows)
def test_it_follows_the_rules(some_touches, some_conversions):
    assert cut(some_touches, some_conversions) == slowly(some_touches, some_conversions)


seen_rows = st.lists(
    st.tuples(st.integers(0, 2), moments, st.booleans(), st.integers(1, 3), st.booleans()),
    max_size=25,
)
configs = st.builds(
    Config,
    lookback_days=st.integers(5, 40),
    reaches=st.lists(
        st.builds(
            Reach,
            channel=st.sampled_from([None, 1, 2]),
            kind=st.sampled_from([None, 1, 2]),
            days=st.integers(1, 90),
        ),
        max_size=3,
    ).map(tuple),
    view_days=st.none() | st.integers(1, 30),
    clicks_win=st.sampled_from(list(ClicksWin)),
)


@given(seen_rows, conversion_rows, configs)
def test_it_follows_a_tenants_own_rules(some_touches, some_conversions, config):
    assert cut(some_touches, some_conversions, config) == slowly(
        some_touches, some_conversions, config
    )


def test_an_impression_gives_way_to_a_click_and_makes_no_null_journey():
    rows = [(1, DAY, False, 1, True), (1, 2 * DAY, False, 2, False)]

    assert cut(rows, [(1, 3 * DAY, 1)], Config(clicks_win=ClicksWin.JOURNEY)) == [(0, (1,))]
    assert cut(rows, [(1, 3 * DAY, 1)], Config(clicks_win=ClicksWin.CHANNEL)) == [(0, (0, 1))]


def test_a_touch_beyond_its_window_is_a_journey_that_led_nowhere():
    rows = [(1, DAY, False, 1, False), (1, 9 * DAY, False, 2, False)]
    config = Config(reaches=(Reach(channel=1, kind=None, days=7),))

    assert cut(rows, [(1, 10 * DAY, 1)], config) == [(-1, (0,)), (0, (1,))]


@given(touch_rows, conversion_rows, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(some_touches, some_conversions, random):
    given_touches, given_conversions = touches(some_touches), conversions(some_conversions)
    places = list(range(len(some_touches)))
    random.shuffle(places)
    mixed = ints(places)
    shuffled = Touches(
        person=given_touches.person[mixed],
        at=given_touches.at[mixed],
        order=given_touches.order[mixed],
        direct=given_touches.direct[mixed],
        channel=given_touches.channel[mixed],
        view=given_touches.view[mixed],
    )

    straight = build(given_touches, given_conversions, CONFIG)
    other = build(shuffled, given_conversions, CONFIG)

    assert other.conversion.tolist() == straight.conversion.tolist()
    assert other.offsets.tolist() == straight.offsets.tolist()
    assert mixed[other.touch].tolist() == straight.touch.tolist()


@given(touch_rows, conversion_rows)
def test_touches_that_count_are_in_some_journey(some_touches, some_conversions):
    counted = {i for i, row in enumerate(some_touches) if not row[2]}
    seen = {touch for _, path in cut(some_touches, some_conversions) for touch in path}

    assert counted <= seen


def test_a_touch_after_the_conversion_is_not_counted_for_it():
    assert cut([(0, DAY, False), (0, 3 * DAY, False)], [(0, 2 * DAY, 1)]) == [(-1, (1,)), (0, (0,))]


def test_a_touch_at_the_moment_of_the_conversion_counts():
    assert cut([(0, DAY, False)], [(0, DAY, 1)]) == [(0, (0,))]


def test_each_conversion_takes_the_touches_since_the_one_before():
    rows = [(0, DAY, False), (0, 3 * DAY, False)]

    assert cut(rows, [(0, 2 * DAY, 1), (0, 4 * DAY, 1)]) == [(0, (0,)), (1, (1,))]


def test_conversions_of_different_types_share_touches():
    assert cut([(0, DAY, False)], [(0, 2 * DAY, 1), (0, 3 * DAY, 2)]) == [(0, (0,)), (1, (0,))]


def test_a_conversion_without_touches_is_an_empty_journey():
    assert cut([], [(0, DAY, 1)]) == [(0, ())]


def test_a_direct_touch_right_after_another_is_the_same_visit():
    rows = [(0, 0, False), (0, 30 * MINUTE, True), (0, 61 * MINUTE, True)]

    assert cut(rows, []) == [(-1, (0, 2))]


def test_equal_times_are_told_apart_by_the_log():
    assert cut([(0, DAY, False), (0, DAY, False)], []) == [(-1, (0, 1))]


def test_a_journey_keeps_its_latest_touches():
    rows = [(0, n * DAY, False) for n in range(5)]
    config = Config(max_touches=2)

    assert cut(rows, [(0, 6 * DAY, 1)], config) == [(0, (3, 4))]


def test_nothing_gives_nothing():
    assert cut([], []) == []


def test_the_first_conversion_of_a_person_and_kind_is_marked():
    rows = [(1, 5 * DAY, 1), (1, 3 * DAY, 1), (1, 9 * DAY, 2), (2, 4 * DAY, 1)]
    found = build(touches([(3, DAY, False)]), conversions(rows), CONFIG)

    marked = dict(zip(found.conversion.tolist(), found.first.tolist(), strict=True))
    assert marked == {0: False, 1: True, 2: True, 3: True, -1: False}
