"""Numbers, money, times and icons as every page writes them."""

from datetime import datetime
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kernel import clock

register = template.Library()

Number = float
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CHF": "CHF "}
NOTHING = "–"  # noqa: RUF001  # a dash, on purpose
JUST_NOW = "just now"
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


@register.filter
def number(value: Number | None, places: int = 0) -> str:
    """Thousands separated: 12,345 (and 12,345.6 with ``places`` 1); a dash for nothing."""
    return NOTHING if value is None else f"{value:,.{places}f}"


@register.filter
def compact(value: Number | None) -> str:
    """Short enough for a card: 950, 12.3k, 4.56M."""
    if value is None:
        return NOTHING
    for limit, sign in ((1e9, "B"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= limit:
            size = float(value) / (1e3 if sign == "k" else limit)
            return f"{size:,.{1 if abs(size) >= 100 else 2}f}{sign}"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


@register.filter
def money(value: Number | None, currency: str = "EUR") -> str:
    """€12,345 above a thousand, €12.34 below; a dash for nothing."""
    if value is None:
        return NOTHING
    sign = SIGNS.get(currency, f"{currency} ")
    places = 0 if abs(value) >= 1000 else 2
    return f"{'-' if value < 0 else ''}{sign}{abs(value):,.{places}f}"


@register.filter
def money_short(value: Number | None, currency: str = "EUR") -> str:
    """€12.3k: money for a card."""
    if value is None:
        return NOTHING
    if abs(value) < 10_000:
        return money(value, currency)
    return f"{'-' if value < 0 else ''}{SIGNS.get(currency, currency + ' ')}{compact(abs(value))}"


@register.filter
def percent(value: Number | None, places: int = 1) -> str:
    """0.1234 as 12.3 %."""
    return NOTHING if value is None else f"{value * 100:.{places}f} %"


@register.filter
def ratio(value: Number | None) -> str:
    """A multiple such as ROAS: 3.21x."""
    return NOTHING if value is None else f"{value:,.2f}x"


@register.simple_tag
def change(now: Number | None, before: Number | None) -> SafeString | str:
    """How much it changed against the period before, as a coloured percentage."""
    if now is None or not before:
        return ""
    step = (float(now) - float(before)) / abs(float(before))
    kind = "up" if step > 0.0005 else "down" if step < -0.0005 else "same"
    return format_html('<span class="change change-{}">{}</span>', kind, f"{step * 100:+.1f} %")


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago, roughly: just now, 5 min ago, 3 h ago, 12 d ago."""
    if moment is None:
        return "never"
    span = duration((clock.now() - moment).total_seconds())
    return span if span == JUST_NOW else f"{span} ago"


@register.filter
def duration(seconds: Number | None) -> str:
    """A span in its largest unit: 5 min, 3 h, 12 d; just now below a minute."""
    if seconds is None:
        return NOTHING
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return JUST_NOW


@register.filter
def width(value: Number | None) -> int:
    """A share in 0..1 as the step 0..100 of the bar classes."""
    return 0 if not value else max(0, min(100, round(float(value) * 100)))


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """``mapping[key]``, or nothing."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The page's query string with some values changed; ``None`` removes one."""
    request: HttpRequest = context["request"]
    values = request.GET.copy()
    for name, value in changes.items():
        key = name.rstrip("_")
        values.pop(key, None)
        if value not in (None, ""):
            values[key] = str(value)
    return f"?{values.urlencode()}"


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon from the sprite, hidden from screen readers: the label beside it speaks."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="/static/portal/icons.svg#{}"></use></svg>',
        name,
    )
