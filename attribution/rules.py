"""Which tracked events are conversions, and what they are worth. Pure; one table to read.

The names are those of Segment's e-commerce and B2B SaaS specifications, compared without case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kernel import money


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A conversion in an event; ``value`` in millionths of ``currency`` (none: the tenant's)."""

    conversion_type: str
    value: int
    order_id: str
    currency: str = ""


CONVERSIONS: dict[str, str] = {
    "order completed": "purchase",
    "completed order": "purchase",
    "purchase": "purchase",
    "signed up": "signup",
    "account created": "signup",
    "trial started": "trial",
    "subscription started": "subscription",
    "lead generated": "lead",
    "lead submitted": "lead",
    "application installed": "install",
}
"""Event name in lower case -> conversion type."""

VALUES = ("revenue", "total", "value")
"""The properties that hold the value, the first one present counts."""


def conversion(name: str, properties: Mapping[str, Any]) -> Recognised | None:
    """The conversion a tracked event ``name`` stands for, or ``None``."""
    kind = CONVERSIONS.get(name.strip().lower())
    if kind is None:
        return None
    value = next((properties[key] for key in VALUES if properties.get(key) is not None), 0)
    order = properties.get("order_id", properties.get("orderId", ""))
    return Recognised(
        conversion_type=kind,
        value=money.micros(value),
        order_id=str(order) if isinstance(order, str | int) else "",
        currency=money.currency_word(properties.get("currency")),
    )
