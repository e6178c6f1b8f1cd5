"""Amounts, rates and the one rounding rule."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import money


@pytest.mark.parametrize("odd", ["much", None, float("nan"), float("inf"), 1e300, [], {}])
def test_what_is_no_amount_is_worth_nothing(odd):
    assert money.micros(odd) == 0


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.1, 100_000), ("12.5", 12_500_000), (-3, -3_000_000), (1.0000005, 1_000_001), (True, 10**6)],
)
def test_an_amount_is_exact_and_half_goes_away_from_zero(value, expected):
    assert money.micros(value) == expected


@pytest.mark.parametrize("odd", ["", "0", "-1", "x", None, 1e9, "nan", "1e-30"])
def test_what_is_no_rate_is_refused(odd):
    with pytest.raises(money.InvalidRate):
        money.rate(odd)


@pytest.mark.parametrize("odd", ["", "EURO", "E1R", None, 5])
def test_what_is_no_currency_is_refused(odd):
    with pytest.raises(money.InvalidCurrency):
        money.currency(odd)


def test_a_currency_is_written_in_capitals():
    assert money.currency(" usd ") == "USD"


@given(st.integers(1, 10**18))
def test_a_rate_reads_back_from_its_text(trillionths):
    assert money.rate(money.rate_text(trillionths)) == trillionths


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**15))
def test_a_conversion_is_the_exact_product_rounded_once(amount, rate):
    exact = Decimal(amount) * rate / money.RATE_UNIT

    assert money.convert(amount, rate) == int(exact.to_integral_value(ROUND_HALF_UP))
    assert money.convert(-amount, rate) == -money.convert(amount, rate)
