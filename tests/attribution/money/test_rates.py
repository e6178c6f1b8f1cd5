"""Rates by day, and the worth of an amount."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from attribution.money.rates import Rates
from kernel import money

DAY = date(2026, 9, 1)
RATES = Rates([("USD", DAY + timedelta(days=3), 2 * money.RATE_UNIT), ("USD", DAY, 10**11)])


def test_a_rate_holds_until_the_next():
    days = [RATES.at("USD", DAY + timedelta(days=n)) for n in (-1, 0, 2, 3, 400)]

    assert days == [None, 10**11, 10**11, 2 * money.RATE_UNIT, 2 * money.RATE_UNIT]


def test_the_tenants_own_currency_needs_none():
    assert RATES.worth(5, "", DAY) == 5


def test_an_unknown_currency_has_no_worth():
    assert RATES.worth(5, "GBP", DAY) is None


@given(st.integers(0, 10), st.integers(-(10**12), 10**12))
def test_worth_is_the_conversion_at_the_days_rate(offset, amount):
    day = DAY + timedelta(days=offset)

    assert RATES.worth(amount, "USD", day) == money.convert(amount, RATES.at("USD", day))
