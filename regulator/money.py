"""Amounts in the smallest unit of a currency: read from what people write, and shown to them."""

from decimal import Decimal, InvalidOperation

from kernel.errors import InvalidInput

_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "BHD": 3, "KWD": 3, "JOD": 3, "TND": 3}
_LARGEST = 2**53


class InvalidAmount(InvalidInput):
    """A text is no amount of the currency."""

    code = "invalid_amount"
    title = "Invalid amount"


def digits(currency: str) -> int:
    """How many decimals the currency's amounts have (ISO 4217): two for most."""
    return _DIGITS.get(currency, 2)


def minor(text: object, currency: str) -> int:
    """An amount like "1,234.50" or "(12.00)" in smallest units; raises ``InvalidAmount``.

    More decimals than the currency has are refused: rounding would hide what a return says.
    """
    plain = str(text).strip().replace(",", "").replace(" ", "").lstrip("$€£")
    negative = plain.startswith("(") and plain.endswith(")")
    try:
        amount = Decimal(plain.strip("()").lstrip("$€£")).scaleb(digits(currency))
    except InvalidOperation:
        raise InvalidAmount(f"{str(text)[:40]!r} is no amount, like 1234.50.") from None
    if not amount.is_finite() or amount != amount.to_integral_value() or abs(amount) > _LARGEST:
        raise InvalidAmount(f"{str(text)[:40]!r} is no amount in {currency}.")
    return -int(amount) if negative else int(amount)


def said(amount: int, currency: str) -> str:
    """An amount in a sentence: 1,234.50 EUR."""
    return f"{major(amount, currency):,.{digits(currency)}f} {currency}"


def major(amount: int, currency: str) -> float:
    """An amount as people read it, for pages and charts."""
    return float(Decimal(amount).scaleb(-digits(currency)))
