"""Money in whole numbers: amounts in millionths of a unit, rates in trillionths, one rounding rule.

Sums of integers do not depend on their order, so a figure that was added up event by event equals
one that is computed anew. Whatever is not whole is rounded once, to the nearest millionth, and half
a millionth away from zero: what PostgreSQL's ``round(numeric)`` does, and people on paper.
"""

import re
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException

from kernel.errors import InvalidInput

MICRO = 1_000_000
"""Millionths in one unit of money."""

RATE_UNIT = 1_000_000_000_000
"""Trillionths in a rate of one: a unit of a currency worth 0.00005 of another keeps 8 digits."""

_LARGEST = 9_000_000_000
_LARGEST_RATE = 1_000_000
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_CODE = re.compile(r"[A-Z]{3}")
_LONGEST_WORD = 12


class InvalidRate(InvalidInput):
    """An exchange rate is no number above zero and up to a million."""

    code = "invalid_rate"
    title = "Invalid exchange rate"


class InvalidCurrency(InvalidInput):
    """A currency is named by three letters (ISO 4217)."""

    code = "invalid_currency"
    title = "Invalid currency"


def micros(value: object) -> int:
    """An amount in millionths; what is no finite number (or beyond nine billion) is worth 0.

    A float counts as the shortest decimal that reads back as it: 0.1 is a tenth exactly.
    """
    amount = _decimal(value)
    if amount is None or abs(amount) > _LARGEST:
        return 0
    return _whole(amount * MICRO)


def rate(value: object) -> int:
    """A rate in trillionths, from a number or its text; raises ``InvalidRate``."""
    amount = _decimal(value)
    found = 0 if amount is None or abs(amount) > _LARGEST_RATE else _whole(amount * RATE_UNIT)
    if found <= 0:
        raise InvalidRate("A rate is a number above 0 and up to 1,000,000.", field="rate")
    return found


def rate_text(trillionths: int) -> str:
    """A rate as people write it: no exponent, no zeros at its end."""
    text = f"{Decimal(trillionths) / RATE_UNIT:.12f}"
    return text.rstrip("0").rstrip(".")


def convert(amount: int, trillionths: int) -> int:
    """``amount`` at a rate, in millionths of the other currency, rounded half away from zero."""
    product = abs(amount) * trillionths
    whole = (2 * product + RATE_UNIT) // (2 * RATE_UNIT)
    return whole if amount >= 0 else -whole


def currency_word(value: object) -> str:
    """What a sender calls a currency, in capitals and short; empty for none."""
    return str(value).strip().upper()[:_LONGEST_WORD] if isinstance(value, str) else ""


def currency(value: object) -> str:
    """A currency's code; raises ``InvalidCurrency`` for what is not three letters."""
    word = currency_word(value)
    if not _CODE.fullmatch(word):
        raise InvalidCurrency("A currency is three letters, like EUR or USD.", field="currency")
    return word


def _decimal(value: object) -> Decimal | None:
    """The exact decimal of a number or a number's text; ``None`` for anything else."""
    if not isinstance(value, int | float | str | Decimal):
        return None
    try:
        amount = Decimal(str(value).strip()) if not isinstance(value, bool) else Decimal(int(value))
    except DecimalException:
        return None
    return amount if amount.is_finite() else None


def _whole(amount: Decimal) -> int:
    return int(amount.to_integral_value(context=_EXACT))
