"""Whose public holidays a market knows: chosen by people, or else by its currency. Pure."""

from kernel.errors import InvalidInput

COUNTRIES = {
    "AR": "Argentina", "AT": "Austria", "AU": "Australia", "BE": "Belgium", "BG": "Bulgaria",
    "BR": "Brazil", "CA": "Canada", "CH": "Switzerland", "CL": "Chile", "CO": "Colombia",
    "CY": "Cyprus", "CZ": "Czechia", "DE": "Germany", "DK": "Denmark", "EE": "Estonia",
    "ES": "Spain", "FI": "Finland", "FR": "France", "GB": "United Kingdom", "GR": "Greece",
    "HR": "Croatia", "HU": "Hungary", "IE": "Ireland", "IM": "Isle of Man", "IS": "Iceland",
    "IT": "Italy", "JE": "Jersey", "JP": "Japan", "KE": "Kenya", "LT": "Lithuania",
    "LU": "Luxembourg", "LV": "Latvia", "MO": "Macao", "MT": "Malta", "MX": "Mexico",
    "NG": "Nigeria", "NL": "Netherlands", "NO": "Norway", "NZ": "New Zealand", "PE": "Peru",
    "PH": "Philippines", "PL": "Poland", "PT": "Portugal", "RO": "Romania", "RS": "Serbia",
    "SE": "Sweden", "SG": "Singapore", "SI": "Slovenia", "SK": "Slovakia",
    "US": "United States", "ZA": "South Africa",
}  # fmt: skip
"""Countries that can be chosen, by ISO 3166 code."""
_OF_CURRENCY = {
    "ARS": "AR", "AUD": "AU", "BRL": "BR", "CAD": "CA", "CHF": "CH", "CLP": "CL", "COP": "CO",
    "CZK": "CZ", "DKK": "DK", "GBP": "GB", "HUF": "HU", "ISK": "IS", "JPY": "JP", "KES": "KE",
    "MOP": "MO", "MXN": "MX", "NGN": "NG", "NOK": "NO", "NZD": "NZ", "PEN": "PE", "PHP": "PH",
    "PLN": "PL", "RON": "RO", "RSD": "RS", "SEK": "SE", "SGD": "SG", "USD": "US",
    "ZAR": "ZA",
}  # fmt: skip


def usual(currency: str) -> str:
    """The country of a currency; empty where there are many of them, as of the euro."""
    return _OF_CURRENCY.get(currency, "")


def chosen(code: str) -> str:
    """A country as it was asked for, or none; raises ``InvalidInput`` for one that is not known."""
    if code and code not in COUNTRIES:
        raise InvalidInput("No such country can be chosen.", field="country")
    return code
