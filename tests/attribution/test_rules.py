"""Which tracked events are conversions."""

import pytest

from attribution.rules import CONVERSIONS, conversion


@pytest.mark.parametrize("name", sorted(CONVERSIONS))
def test_each_name_of_the_table_is_a_conversion(name):
    found = conversion(name.title(), {"revenue": 2})

    assert (found.conversion_type, found.value) == (CONVERSIONS[name], 2_000_000)


def test_other_names_are_not():
    assert conversion("Product Viewed", {"revenue": 2}) is None


def test_revenue_goes_before_total_and_value():
    assert conversion("Purchase", {"value": 1, "total": 2, "revenue": 3}).value == 3_000_000


def test_the_currency_of_the_properties_is_kept():
    assert conversion("Purchase", {"value": 1, "currency": "usd"}).currency == "USD"
