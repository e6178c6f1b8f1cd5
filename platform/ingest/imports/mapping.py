"""From a file's columns to events: which column is which field, and the events of a row.

A row of ``touchpoints`` is an ``ad.click`` or ``ad.impression``, and also a ``conversion.recorded``
where its conversion column says so; a row of ``conversions`` is a conversion; a row of ``spend`` is
what a campaign cost on a day; a row of ``rates`` is what a unit of a currency was worth from a day
on; a row of ``events`` is a native event, whose properties are the columns mapped to
``properties.<name>``. Columns mapped to ``context.<path>`` (``context.ip``,
``context.device.model``) say of touchpoints, conversions and events what a client would have sent.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

import msgspec

from ingest.batch import Rejected
from ingest.imports.formats import Row
from ingest.wire import Context, Incoming
from kernel import money
from kernel.errors import InvalidInput

TOUCHPOINTS, CONVERSIONS, SPEND, EVENTS = "touchpoints", "conversions", "spend", "events"
RATES = "rates"
FIELDS: dict[str, tuple[str, ...]] = {
    TOUCHPOINTS: (
        "subject", "user", "time", "id", "kind", "channel", "source", "medium", "campaign",
        "content", "term", "sub_source", "cost", "currency", "device", "conversion", "value",
        "conversion_type", "order_id", "viewable", "view_seconds",
    ),
    CONVERSIONS: (
        "subject", "user", "time", "id", "conversion_type", "value", "currency", "order_id",
        "device",
    ),
    SPEND: (
        "day", "channel", "source", "campaign", "cost", "currency", "impressions", "clicks",
    ),
    RATES: ("day", "currency", "rate", "base"),
    EVENTS: (
        "subject", "user", "time", "id", "type", "name", "url", "referrer", "device", "properties",
        "traits", "context",
    ),
}  # fmt: skip
REQUIRED: dict[str, tuple[str, ...]] = {
    TOUCHPOINTS: ("time",),
    CONVERSIONS: ("time",),
    SPEND: ("day", "channel", "cost"),
    RATES: ("day", "currency", "rate"),
    EVENTS: ("type",),
}
_GUESSES: dict[str, tuple[str, ...]] = {
    "subject": (
        "subject", "anonymous_id", "anonymousid", "customer_id", "customerid", "visitor_id", "uid",
        "client_id", "cookie", "cookie_id", "device_id", "person", "customer",
    ),
    "user": ("user_id", "userid", "user"),
    "time": (
        "time", "timestamp", "occurred_at", "datetime", "event_time", "date", "created_at",
        "ts",
    ),
    "id": ("id", "event_id", "message_id", "messageid"),
    "kind": ("kind", "interaction", "interaction_type", "event_type", "touch_type"),
    "channel": ("channel", "marketing_channel", "channel_name"),
    "source": ("source", "utm_source", "network"),
    "medium": ("medium", "utm_medium"),
    "campaign": ("campaign", "utm_campaign", "campaign_name"),
    "content": ("content", "utm_content"),
    "term": ("term", "utm_term", "keyword"),
    "sub_source": ("sub_source", "sub_publisher", "site_id", "af_siteid"),
    "cost": ("cost", "spend", "cpc", "amount_spent"),
    "day": ("day", "date", "reporting_date"),
    "impressions": ("impressions", "views"),
    "clicks": ("clicks", "link_clicks"),
    "currency": ("currency", "currency_code", "from_currency", "from"),
    "rate": ("rate", "exchange_rate", "fx_rate"),
    "base": ("base", "base_currency", "to_currency", "to"),
    "device": ("device", "device_type", "platform"),
    "conversion": ("conversion", "converted", "is_conversion"),
    "value": ("value", "conversion_value", "revenue", "amount", "total"),
    "conversion_type": ("conversion_type", "goal"),
    "viewable": ("viewable", "is_viewable", "in_view"),
    "view_seconds": ("view_seconds", "seconds_in_view", "viewable_time"),
    "order_id": ("order_id", "orderid", "transaction_id"),
    "type": ("type", "event_type", "event"),
    "name": ("name", "event_name"),
    "url": ("url", "page_url"),
    "referrer": ("referrer", "referer"),
    "properties": ("properties",),
    "traits": ("traits",),
    "context": ("context",),
}  # fmt: skip
_KINDS = {
    "impression": "ad.impression", "view": "ad.impression", "show": "ad.impression",
    "click": "ad.click", "clicked": "ad.click", "tap": "ad.click", "": "ad.click",
    # Some exports name the touch that converted after its effect; its conversion is its own event.
    "conversion": "ad.click",
}  # fmt: skip
_OFFLINE = {
    "store visit": "store visit", "store": "store visit", "shop visit": "store visit",
    "call": "call", "phone": "call", "phone call": "call",
    "direct mail": "direct mail", "mail": "direct mail", "letter": "direct mail",
    "postcard": "direct mail", "flyer": "direct mail",
    "event": "event", "trade fair": "event", "offline": "other",
}  # fmt: skip
_TRUE = frozenset({"1", "1.0", "true", "yes", "y", "t"})
_FALSE = frozenset({"", "0", "0.0", "false", "no", "n", "f", "none", "null"})
_MEASURED = ("network", "screen", "signals")
"""Parts of a context that hold numbers and truths."""
_DATE = re.compile(r"\d{4}-?\d{2}-?\d{2}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """``columns``: field to the file's column; ``zone`` is that of times without an offset."""

    kind: str
    columns: dict[str, str]
    zone: tzinfo = UTC


def guess(kind: str, header: Sequence[str]) -> dict[str, str]:
    """Columns of ``header`` whose names say which field they are; each column is used once."""
    plain = {name.strip().lower().replace(" ", "_").replace("-", "_"): name for name in header}
    found: dict[str, str] = {}
    for field in FIELDS[kind]:
        for name in _GUESSES[field]:
            column = plain.get(name)
            if column is not None and column not in found.values():
                found[field] = column
                break
    return found


def missing(mapping: Mapping, header: Sequence[str]) -> list[str]:
    """What is wrong with the mapping for this file, in sentences; empty when it can be used."""
    columns = mapping.columns
    known = set(FIELDS[mapping.kind])
    faults = [
        f"{field} is no field of {mapping.kind}; there are {', '.join(FIELDS[mapping.kind])}."
        for field in columns
        if field not in known and not _free(mapping.kind, field)
    ]
    faults += [
        f"The file has no column {name!r}." for name in columns.values() if name not in header
    ]
    lacking = [field for field in REQUIRED[mapping.kind] if field not in columns]
    faults += [f"Say which column is {field}." for field in lacking]
    if mapping.kind not in (SPEND, RATES) and "subject" not in columns and "user" not in columns:
        faults.append("Say which column is subject (an anonymous id) or user (a user id).")
    return faults


def _free(kind: str, field: str) -> bool:
    """Whether ``field`` names a place of its own in the event."""
    if field.startswith("context."):
        return kind in (TOUCHPOINTS, CONVERSIONS, EVENTS)
    return kind == EVENTS and field.startswith("properties.")


def events(row: Row, mapping: Mapping, key: str) -> list[Incoming]:
    """The events of ``row``; ``key`` names it when it has no id column. Raises ``Rejected``."""
    columns = mapping.columns
    values = {field: row.get(column) for field, column in columns.items()}
    name = _text(values.get("id")) or key
    if mapping.kind == SPEND:
        return [_spend(values, key, mapping.zone)]
    if mapping.kind == RATES:
        return [_rate(values, key)]
    common = _common(values, mapping.zone)
    if mapping.kind == EVENTS:
        return [_native(values, name, common)]
    found = []
    if mapping.kind == TOUCHPOINTS:
        found.append(_touch(values, name, common))
        if not _flag(values.get("conversion")):
            return found
        name += ":conversion"
    found.append(_conversion(values, name, common))
    return found


def _common(values: Row, zone: tzinfo) -> Row:
    return {
        "timestamp": _time(values.get("time"), zone),
        "anonymous_id": _text(values.get("subject")),
        "user_id": _text(values.get("user")),
        "context": _context(values),
    }


def _context(values: Row) -> Context:
    """What the row says of device, network and page: a whole ``context``, or column by column."""
    sent = values.get("context")
    found: Row = dict(sent) if isinstance(sent, dict) else {}
    for field, value in values.items():
        if field.startswith("context.") and value not in (None, ""):
            _set(found, field.split(".")[1:], value)
    for path, field in ((("device", "type"), "device"), (("page", "url"), "url"),
                        (("page", "referrer"), "referrer")):  # fmt: skip
        if text := _text(values.get(field)):
            _set(found, path, text)
    try:
        return msgspec.convert(found, Context)
    except msgspec.ValidationError as error:
        raise Rejected("wrong_type", f"context: {error}"[:200]) from None


def _set(found: Row, path: Sequence[str], value: Any) -> None:
    """Put ``value`` at ``path``; numbers stay numbers where a client sends them."""
    for step in path[:-1]:
        inner = found.get(step)
        found[step] = dict(inner) if isinstance(inner, dict) else {}
        found = found[step]
    found[path[-1]] = _measured(value) if path[0] in _MEASURED else _text(value)


def _measured(value: Any) -> Any:
    """A cell as a client would measure it: a number, a truth, else its text."""
    text = _text(value) or ""
    if _NUMBER.fullmatch(text):
        return float(text)
    return {"true": True, "false": False}.get(text.lower(), text)


def _touch(values: Row, name: str, common: Row) -> Incoming:
    word = _text(values.get("kind")) or ""
    plain = " ".join(word.lower().replace("_", " ").replace("-", " ").split())
    kind = "offline.touched" if plain in _OFFLINE else _KINDS.get(plain)
    if kind is None:
        raise Rejected("wrong_type", f"{word[:40]!r} is no click, impression or offline touch.")
    touch = {
        field: text
        for field in ("channel", "source", "medium", "campaign", "content", "term", "sub_source")
        if (text := _text(values.get(field)))
    }
    properties: Row = {"touch": touch} if touch else {}
    _put(properties, "cost", _number(values.get("cost"), "cost"))
    _put(properties, "currency", _text(values.get("currency")))
    if kind == "ad.impression":
        seen = _text(values.get("viewable"))
        _put(properties, "viewable", None if seen is None else _flag(seen, "viewable"))
        _put(properties, "view_seconds", _number(values.get("view_seconds"), "view_seconds"))
    if plain in _OFFLINE:
        properties |= {"kind": _OFFLINE[plain], "precision": _precision(values.get("time"))}
    return Incoming(type=kind, id=name, properties=properties, **common)


def _precision(time: Any) -> str:
    """What is known of a time: a date alone says the day; the event's time is its beginning."""
    if isinstance(time, date) and not isinstance(time, datetime):
        return "day"
    return "day" if _DATE.fullmatch(_text(time) or "") else "minute"


def _conversion(values: Row, name: str, common: Row) -> Incoming:
    properties: Row = {}
    for field in ("conversion_type", "currency", "order_id"):
        _put(properties, field, _text(values.get(field)))
    _put(properties, "value", _number(values.get("value"), "value"))
    return Incoming(type="conversion.recorded", id=name, properties=properties, **common)


def _spend(values: Row, name: str, zone: tzinfo) -> Incoming:
    """A day's cost; one row of a file is one event, and a later file's figure replaces it."""
    moment = _time(values.get("day"), zone)
    if moment is None or (channel := _text(values.get("channel"))) is None:
        raise Rejected("missing_field", "The row has no channel.")
    cost = _number(values.get("cost"), "cost")
    if cost is None or not math.isfinite(cost) or cost < 0:
        raise Rejected("wrong_type", "The cost is a number of at least 0.")
    properties: Row = {"day": moment.date().isoformat(), "channel": channel, "cost": cost}
    for field in ("source", "campaign", "currency"):
        _put(properties, field, _text(values.get(field)))
    for field in ("impressions", "clicks"):
        count = _number(values.get(field), field)
        if count is not None and count != int(count):
            raise Rejected("wrong_type", f"{field} is a whole number.")
        _put(properties, field, None if count is None else int(count))
    return Incoming(type="spend.recorded", id=name, timestamp=moment, properties=properties)


def _rate(values: Row, name: str) -> Incoming:
    """A day's rate; what it was in the file stays its text, so that no digit is lost."""
    moment = _time(values.get("day"), UTC)
    if moment is None:
        raise Rejected("missing_field", "The row has no day.")
    try:
        worth = money.rate_text(money.rate(_text(values.get("rate")) or ""))
        properties: Row = {
            "day": moment.date().isoformat(),
            "currency": money.currency(_text(values.get("currency"))),
            "rate": worth,
        }
        if base := _text(values.get("base")):
            properties["base"] = money.currency(base)
    except InvalidInput as error:
        raise Rejected(error.code, error.detail) from None
    return Incoming(type="money.rate_set", id=name, timestamp=moment, properties=properties)


def _native(values: Row, name: str, common: Row) -> Incoming:
    properties = values.get("properties")
    found = dict(properties) if isinstance(properties, dict) else {}
    for field, value in values.items():
        if field.startswith("properties.") and value not in (None, ""):
            found[field.removeprefix("properties.")] = _plain(value)
    traits = values.get("traits")
    return Incoming(
        type=_text(values.get("type")) or "",
        id=name,
        name=_text(values.get("name")),
        properties=found,
        traits=traits if isinstance(traits, dict) else None,
        **common,
    )


def _put(properties: Row, name: str, value: Any) -> None:
    if value is not None:
        properties[name] = value


def _text(value: Any) -> str | None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return str(value).strip() or None


def _number(value: Any, field: str) -> float | None:
    text = _text(value)
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        raise Rejected("wrong_type", f"{field} {text[:40]!r} is not a number.") from None


def _flag(value: Any, field: str = "conversion") -> bool:
    text = (_text(value) or "").lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise Rejected("wrong_type", f"{field} {text[:40]!r} is neither yes nor no.")


def _time(value: Any, zone: tzinfo) -> datetime | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=zone)
    if not isinstance(value, datetime):
        text = _text(value)
        if text is None:
            raise Rejected("missing_field", "The row has no time.")
        value = _epoch(text) if _NUMBER.fullmatch(text) else _iso(text)
    moment: datetime = value
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment


def _iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Rejected("wrong_type", f"{text[:40]!r} is not a time in ISO 8601.") from None


def _epoch(text: str) -> datetime:
    """Seconds since 1970, or milliseconds when the number is beyond the year 5138 as seconds."""
    seconds = float(text)
    try:
        return datetime.fromtimestamp(seconds / 1000 if abs(seconds) >= 1e11 else seconds, UTC)
    except (OverflowError, OSError, ValueError):
        raise Rejected("wrong_type", f"{text[:40]!r} is not a time.") from None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
