"""Tax by schedule: against the sum of what each unit owes, and across a change of rates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInput
from regulator.contracts import Bracket, Rates, TaxBase
from regulator.money import minor, said
from regulator.operators import rules, tax

BRACKETS = st.lists(
    st.tuples(st.integers(1, 400), st.integers(0, 1_000_000)), max_size=4, unique_by=lambda p: p[0]
).map(lambda pairs: ((0, 100_000), *sorted(pairs)))


@given(BRACKETS, st.integers(-50, 600))
def test_it_is_the_sum_of_what_each_unit_owes_rounded_once(pairs, base):
    brackets = [Bracket(above=above, rate=rate) for above, rate in pairs]
    rate_of = [max((a, r) for a, r in pairs if a <= unit)[1] for unit in range(max(base, 0))]
    assert tax.due(base, brackets) == (2 * sum(rate_of) + 1_000_000) // 2_000_000


def flat(since, rate, base=TaxBase.GGR):
    return Rates(since=since, base=base, brackets=(Bracket(above=0, rate=rate),))


def test_a_period_in_which_the_rate_changes_is_bounded_by_both():
    rates = (flat(date(2026, 1, 1), 150_000), flat(date(2026, 7, 1), 200_000))
    figures = {"stakes": 0, "ggr": 10_000}

    assert tax.of_period(rates, date(2026, 6, 1), date(2026, 6, 30), **figures) == (1_500, 1_500)
    assert tax.of_period(rates, date(2026, 6, 1), date(2026, 7, 31), **figures) == (1_500, 2_000)
    assert tax.of_period(rates, date(2026, 7, 1), date(2026, 7, 31), **figures) == (2_000, 2_000)
    assert tax.of_period(rates, date(2025, 1, 1), date(2025, 1, 31), **figures) is None


def test_a_tax_on_stakes_is_of_stakes():
    rates = (flat(date(2026, 1, 1), 50_000, TaxBase.STAKES),)
    day = date(2026, 2, 1)
    assert tax.of_period(rates, day, day, stakes=1_000, ggr=-5) == (50, 50)


def test_rates_are_written_as_they_are_read():
    text = "2026-01-01 ggr 15%, 20.5% above 1000000\n2026-07-01 stakes 5.25%"
    read = rules.read_rates(text, 100)
    assert read[0].brackets == (Bracket(above=0, rate=150_000),
                                Bracket(above=100_000_000, rate=205_000))  # fmt: skip
    assert rules.write_rates(read, 100) == text


def test_amounts_are_read_as_people_write_them_and_never_rounded():
    assert minor("1,234.50", "EUR") == 123_450
    assert minor("$(12.00)", "USD") == minor("(12)", "USD") == -1_200
    assert minor("1234", "JPY") == 1_234
    assert said(123_450, "EUR") == "1,234.50 EUR"
    for text in ("1.005", "", "a few", "nan", "1e99"):
        with pytest.raises(InvalidInput):
            minor(text, "EUR")
