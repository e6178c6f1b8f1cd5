"""How numbers, times, icons and links look. A missing value is an en dash, never a zero."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Protocol

from django import template
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kernel import clock
from portal.icons import ICONS

register = template.Library()
Number = float

DASH = "\N{EN DASH}"
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CHF": "CHF ", "PLN": "zł "}
_SPANS: tuple[tuple[int, str], ...] = ((86_400, "day"), (3_600, "h"), (60, "min"))
_UNITS: tuple[tuple[float, str], ...] = ((1e9, "B"), (1e6, "M"), (1e3, "k"))


class Span(Protocol):
    """Something that began and ended."""

    started_at: datetime
    ended_at: datetime


@register.filter
def number(value: Number | None, digits: int = 0) -> str:
    """A full number with thousands separators: 12,345 or, with ``digits`` 1, 12,345.7."""
    return DASH if value is None else f"{value:,.{digits}f}"


@register.filter
def signed(value: Number | None, digits: int = 0) -> str:
    """A difference as a full number with its sign: +12.3, -4.0; nothing is 0."""
    if value is None:
        return DASH
    text = f"{value:+,.{digits}f}"
    return text.removeprefix("+").removeprefix("-") if float(text.replace(",", "")) == 0 else text


@register.filter
def compact(value: Number | None) -> str:
    """A number in at most five characters: 950, 1.2k, 34.5k, 1.2M."""
    if value is None:
        return DASH
    amount = float(value)
    for size, unit in _UNITS:
        if abs(amount) >= size * 0.9995:
            scaled = amount / size
            return f"{scaled:.0f}{unit}" if abs(scaled) >= 99.95 else f"{scaled:.1f}{unit}"
    return f"{amount:.0f}" if amount.is_integer() or abs(amount) >= 99.95 else f"{amount:.1f}"


@register.filter
def money(value: Number | None, currency: str = "EUR") -> str:
    """An amount with its currency's sign and two decimals: €1,234.50, -€3.00."""
    return DASH if value is None else _signed(value, f"{abs(value):,.2f}", currency)


@register.filter
def currency_sign(currency: str) -> str:
    """What stands before an amount: €, or the code and a space."""
    return SIGNS.get(currency, f"{currency} ")


@register.filter
def compact_money(value: Number | None, currency: str = "EUR") -> str:
    """A short amount for headlines: €12.3k."""
    return DASH if value is None else _signed(value, compact(abs(float(value))), currency)


@register.filter
def percent(value: Number | None, digits: int = 1) -> str:
    """A share in 0..1 as a percentage: 12.3%."""
    return DASH if value is None else f"{float(value) * 100:.{digits}f}%"


@register.filter
def times(value: Number | None) -> str:
    """A ratio like the return on spend, with a multiplication sign behind it."""
    return DASH if value is None else f"{value:,.2f}\N{MULTIPLICATION SIGN}"


@register.filter
def ago(moment: datetime | None) -> str:
    """How long before now: "just now", "5 min ago", "3 h ago", "2 days ago"."""
    if moment is None:
        return "never"
    seconds = (clock.now() - moment).total_seconds()
    return "just now" if seconds < 60 else f"{duration(seconds)} ago"


@register.filter
def duration(seconds: Number | None) -> str:
    """A length of time in its largest unit: 4 s, 5 min, 3 h, 2 days."""
    if seconds is None:
        return DASH
    length = float(seconds)
    for size, unit in _SPANS:
        if length >= size:
            count = int(length // size)
            return f"{count} {unit}{'s' if unit == 'day' and count != 1 else ''}"
    return f"{length:.0f} s"


@register.filter
def took(span: Span) -> str:
    """The length of something with ``started_at`` and ``ended_at``; a dash for a moment."""
    seconds = (span.ended_at - span.started_at).total_seconds()
    return duration(seconds) if seconds else DASH


@register.filter
def runs(words: Iterable[str]) -> list[tuple[str, int]]:
    """Neighbours that are equal, once with their count: a a b becomes (a, 2), (b, 1)."""
    return [(word, len(list(group))) for word, group in groupby(words)]


@register.filter
def change(value: Number | None) -> str:
    """A relative difference with its sign: +12%, -3%; equal is "=", none an en dash."""
    if value is None:
        return DASH
    share = float(value)
    return "=" if abs(share) < 0.0005 else f"{share * 100:+,.1f}%"


@register.filter
def width(share: Number | None) -> int:
    """A share in 0..1 as whole percent between 0 and 100, for ``<meter>`` and ``<progress>``."""
    return 0 if share is None else round(max(0.0, min(1.0, float(share))) * 100)


@register.filter
def at(mapping: dict[object, object], key: object) -> object:
    """``mapping[key]``, or ``None``: templates can't look a variable key up."""
    return mapping.get(key)


@register.simple_tag
def delta(
    current: Number | None, previous: Number | None, good: str = "up", currency: str = ""
) -> SafeString:
    """The change since the period before as a coloured percentage.

    ``good``: "up", "down" (cost per conversion) or "none" (spend: neither). Without a comparable
    earlier value it says so instead of inventing a percentage. ``currency`` is for amounts.
    """
    if current is None or not previous:
        return mark_safe('<span class="delta delta-none">no earlier value</span>')  # a constant
    change = float(current) / float(previous) - 1
    if change >= 9.995:
        # From almost nothing, a percentage says nothing.
        earlier = compact_money(previous, currency) if currency else compact(previous)
        return format_html('<span class="delta delta-none">before: {}</span>', earlier)
    if abs(change) < 0.0005:
        return mark_safe('<span class="delta delta-none">no change</span>')  # a constant
    rises = change > 0
    mood = "none" if good == "none" else "good" if rises == (good == "up") else "bad"
    arrow, word = ("↑", "up") if rises else ("↓", "down")
    return format_html(
        '<span class="delta delta-{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{} </span>{}%</span>',
        mood,
        arrow,
        word,
        f"{abs(change) * 100:,.1f}",
    )


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the kit, decorative unless it has a ``label``."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="none" '
        'stroke="currentColor" stroke-width="1.5" stroke-linecap="round" '
        'stroke-linejoin="round" {}>{}</svg>',
        mark_safe(spoken),  # noqa: S308  # escaped above
        mark_safe(ICONS[name]),  # noqa: S308  # a constant of the kit
    )


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """The request's query string with ``changes``; ``None`` removes a parameter."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value is not None and value != "":
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"


@register.simple_tag(takes_context=True)
def title_block(context: Context) -> str:
    """The page's ``title`` block once more, for its heading."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block("title") if blocks else None
    return mark_safe(block.render(context)) if block else ""  # noqa: S308  # already rendered HTML


def _signed(value: Number, amount: str, currency: str) -> str:
    sign = SIGNS.get(currency, f"{currency} ")
    return f"{'-' if value < 0 else ''}{sign}{amount}"
