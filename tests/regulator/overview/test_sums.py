"""The arithmetic of a market."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from regulator.contracts import Bracket, Rates, TaxBase
from regulator.operators.tax import due
from regulator.overview import sums
from regulator.overview.sums import Source
from regulator.returns.checks import Fed
from tests.regulator.told import entry

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 400).map(lambda number: FIRST + timedelta(days=number))
RANGES = st.tuples(DAYS, DAYS).map(lambda pair: (min(pair), max(pair)))
AMOUNTS = st.integers(0, 10**9)
FEDS = st.builds(Fed, stakes=AMOUNTS, payouts=AMOUNTS, refunds=st.integers(0, 10**6))
FLAT = Rates(since=FIRST, base=TaxBase.GGR, brackets=(Bracket(above=0, rate=200_000),))


@given(RANGES, st.lists(RANGES, max_size=5), st.lists(DAYS, max_size=3))
def test_stretches_cover_every_day_once_and_cut_at_every_change(asked, periods, changes):
    start, end = asked

    found = sums.parts(start, end, periods, changes)

    covered = [low + timedelta(days=n) for low, high in found for n in range((high - low).days + 1)]
    assert covered == [start + timedelta(days=n) for n in range((end - start).days + 1)]
    starts = {low for low, _ in found}
    assert {day for day in changes if start < day <= end} <= starts
    assert {day for low, _ in periods for day in [low] if start < day <= end} <= starts


def test_a_stretch_is_a_return_s_period_and_else_a_month():
    week = (date(2026, 1, 28), date(2026, 2, 3))
    assert sums.parts(date(2026, 1, 10), date(2026, 3, 5), [week], []) == [
        (date(2026, 1, 10), date(2026, 1, 27)), week,
        (date(2026, 2, 4), date(2026, 2, 28)), (date(2026, 3, 1), date(2026, 3, 5)),
    ]  # fmt: skip


@given(st.dictionaries(DAYS, FEDS, min_size=1, max_size=30))
def test_a_stretch_that_lost_owes_nothing_and_takes_nothing_off_another(days):
    stretches = sums.parts(FIRST, FIRST + timedelta(days=400), [], [])
    by_stretch = [
        sums.total(fed for day, fed in days.items() if low <= day <= high).ggr
        for low, high in stretches
    ]

    assert sums.tax([FLAT], stretches, days) == sum(
        due(max(ggr, 0), FLAT.brackets) for ggr in by_stretch
    )


def test_without_a_schedule_nothing_is_said_of_tax():
    assert sums.tax([], [(FIRST, FIRST)], {FIRST: Fed(stakes=5)}) is None
    assert sums.owed([]) is None


@given(st.dictionaries(st.text(max_size=5), FEDS, max_size=6))
def test_shares_add_up_to_the_whole(figures):
    found = sums.shares(figures)
    whole = sums.total(figures.values()).ggr

    assert sum(each.taken.ggr for each in found) == whole
    if whole > 0:
        assert abs(sum(each.share for each in found) - 1) < 1e-6
    else:
        assert all(each.share is None for each in found)


@given(RANGES)
def test_the_range_before_is_as_long_and_ends_the_day_before(asked):
    start, end = asked
    low, high = sums.before(start, end)
    assert (high - low, high + timedelta(days=1)) == (end - start, start)


def filed(start, end, **changes):
    from datetime import UTC, datetime

    from regulator.returns.history import Filed

    fields = {
        "operator": "lucky", "start": start, "end": end, "vintage": end, "place": 1,
        "known_at": datetime(2026, 1, 1, tzinfo=UTC), "currency": "EUR", "stakes": 100,
        "payouts": 60, "refunds": 0, "ggr": 40,
    }  # fmt: skip
    return Filed(**{**fields, **changes})


def test_an_operator_without_a_feed_is_told_by_its_whole_periods():
    inside = filed(FIRST, FIRST + timedelta(days=6))
    across = filed(FIRST + timedelta(days=7), FIRST + timedelta(days=13))
    foreign = filed(FIRST, FIRST + timedelta(days=6), currency="USD")
    terms = entry(rates=(FLAT,))

    found = sums.account(terms, {}, [inside, across, foreign], FIRST, FIRST + timedelta(days=9))

    assert (found.source, found.taken.ggr, found.tax) == (Source.RETURNS, 40, 8)
    fed = {FIRST: Fed(stakes=10)}
    assert sums.account(terms, fed, [inside], FIRST, FIRST).source is Source.FEED
    assert sums.account(terms, {}, [across], FIRST, FIRST).source is Source.NONE
