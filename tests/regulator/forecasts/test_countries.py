"""Countries whose holidays can be chosen: those that the library of holidays knows."""

import holidays
import pytest

from kernel.errors import InvalidInput
from regulator.forecasts.countries import COUNTRIES, chosen, usual


def test_every_country_that_can_be_chosen_has_holidays():
    known = holidays.list_supported_countries()
    assert set(COUNTRIES) <= set(known)
    assert all(len(holidays.country_holidays(code, years=2026)) > 3 for code in COUNTRIES)


def test_a_currency_of_one_country_says_which_and_the_euro_does_not():
    assert usual("USD") == "US"
    assert usual("EUR") == ""
    assert usual("XAU") == ""


def test_only_what_is_known_can_be_chosen():
    assert chosen("MT") == "MT"
    assert chosen("") == ""
    with pytest.raises(InvalidInput):
        chosen("XX")
