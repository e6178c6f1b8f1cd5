"""Leading digits of a week's stakes against those of the weeks before."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from regulator.detectors import benford
from regulator.detectors.anomaly import Kind
from regulator.watch.sensitivity import Levels
from regulator.watch.stakes import Staked, cell, compare, monday, tally

FIRST = date(2026, 3, 2)
WEEKS = 9


def week(number):
    return FIRST + timedelta(days=7 * number)


def staked(change=lambda amounts: amounts, seed=5):
    """Nine weeks of an operator; the last one changed."""
    rng, weeks = np.random.default_rng(seed), {}
    for number in range(WEEKS):
        amounts = np.round(100 * rng.lognormal(1.5, 1.0, 4_000)).astype(int)
        told = change(amounts) if number == WEEKS - 1 else amounts
        weeks[week(number)] = Counter(cell(int(each)) for each in told)
    return Staked(operator="lucky", currency="EUR", weeks=weeks)


def found(each):
    return compare([each], Levels(), since=week(5), until=week(WEEKS))


@given(st.integers(0, 10**12))
def test_a_cell_keeps_two_digits_and_the_number_of_places(amount):
    lowest = cell(amount)
    assert lowest <= amount < max(lowest * 1.1 + 1, lowest + 1)
    assert len(str(lowest)) == len(str(amount))
    assert str(lowest)[:2] == str(amount)[:2]


def test_a_tally_is_that_of_the_amounts():
    amounts = np.array([10, 105, 99, 1_234, 12_345, 7, 0])
    cells = Counter(cell(int(each)) for each in amounts)
    assert tally(cells).tolist() == benford.tally(amounts.astype(float)).tolist()


def test_honest_weeks_are_alike():
    assert found(staked()) == []


def test_invented_amounts_show_in_the_digits():
    rng = np.random.default_rng(6)
    made = lambda amounts: np.concatenate([amounts[:2_800], rng.integers(700, 800, 1_200)])  # noqa: E731
    told = {each.kind: each for each in found(staked(made))}
    digits = told[Kind.DIGITS]
    assert digits.started_at == datetime(2026, 4, 27, tzinfo=UTC)
    assert "begin with 7" in digits.explanation


def test_a_week_begins_on_its_monday():
    assert monday(date(2026, 3, 8)) == FIRST
    assert monday(FIRST) == FIRST
