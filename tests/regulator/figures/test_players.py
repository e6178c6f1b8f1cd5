"""Distinct players, against sets of them."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from regulator.figures.players import ALL, DAY, HOUR, Cell, Person, newly

DAYS = [date(2026, 11, 1), date(2026, 11, 2)]
PLAYED = st.tuples(
    st.sampled_from(DAYS), st.integers(0, 23), st.integers(1, 4), st.sampled_from("ab")
)


def counted(played):
    """Distinct players of every cell, by sets."""
    sets = defaultdict(set)
    for day, hour, player, game in played:
        midnight = datetime.combine(day, time(), UTC)
        for each in (game, ALL):
            sets[Cell("x", DAY, midnight, each, "EUR")].add(player)
            sets[Cell("x", HOUR, midnight + timedelta(hours=hour), each, "EUR")].add(player)
    return Counter({cell: len(players) for cell, players in sets.items()})


def remembered(played):
    """The same plays as rows of hours."""
    rows = defaultdict(int)
    for day, hour, player, game in played:
        rows[Person("x", day, UUID(int=player), "EUR"), game] |= 1 << hour
    return dict(rows)


@given(st.lists(PLAYED, max_size=40), st.lists(PLAYED, max_size=40))
def test_whoever_comes_again_is_not_counted_again(first, then):
    known = remembered(first)

    fresh = newly({}, known) + newly(known, remembered(then))

    assert fresh == counted(first + then)
