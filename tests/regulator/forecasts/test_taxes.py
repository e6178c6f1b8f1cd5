"""The tax of a forecast: brackets, periods, and rates that change."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.contracts import Bracket, Rates, TaxBase
from regulator.forecasts import taxes
from regulator.forecasts.panel import month_of

MARCH = month_of(date(2026, 3, 1))


def rates(since, *brackets, base=TaxBase.GGR):
    return Rates(
        since=since,
        base=base,
        brackets=tuple(Bracket(above=above, rate=rate) for above, rate in brackets),
    )


STEPPED = (rates(date(2020, 1, 1), (0, 100_000), (1_000, 200_000)),)


def test_each_bracket_taxes_what_lies_in_it():
    assert taxes.of_month(STEPPED, MARCH, stakes=0, ggr=3_000) == 100 + 400


def test_a_loss_owes_nothing():
    assert taxes.of_month(STEPPED, MARCH, stakes=0, ggr=-3_000) == 0


def test_brackets_begin_anew_with_each_return():
    assert taxes.of_month(STEPPED, MARCH, stakes=0, ggr=4_000, period_days=7) == 400


def test_a_rate_that_changes_within_a_month_counts_for_its_days():
    held = (rates(date(2020, 1, 1), (0, 100_000)), rates(date(2026, 3, 11), (0, 310_000)))

    told = taxes.of_months(
        held, MARCH - 1, stakes=np.zeros(3), ggr=np.array([31_000.0, 31_000.0, 31_000.0])
    )

    assert told == [3_100, round(3_100 * 10 / 31 + 9_610 * 21 / 31), 9_610]


def test_a_tax_on_stakes_is_of_the_stakes():
    held = (rates(date(2020, 1, 1), (0, 50_000), base=TaxBase.STAKES),)

    assert taxes.of_month(held, MARCH, stakes=10_000, ggr=500) == 500


def test_before_the_first_rates_nothing_is_said():
    assert taxes.of_month((rates(date(2026, 4, 1), (0, 1)),), MARCH, stakes=1, ggr=1) is None


@given(
    st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=12),
    st.floats(-1e9, 1e9),
)
def test_a_year_that_ends_elsewhere_is_off_by_so_much_in_all(ggr, off):
    months = np.array(ggr)

    moved = taxes.ending(months, off)

    assert moved.sum() == pytest.approx(months.sum() + off, abs=1e-3)
    assert ((moved - months) * off >= 0).all()
