"""From an event of the log, or one about to go there, to numbers and ids.

An event is read here and nowhere else, so both engines see the same. ``Sighting`` is one event;
``gather`` makes the columns.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import msgspec
import numpy as np

from fraud.features import words
from fraud.features.entities import ENTITIES
from ingest.measures import MEASURES
from ml.features import NOBODY, Happening, Kind
from ml.features.layout import LARGEST_ID, Floats

EPOCH = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
"""States keep times from here on; below zero is never, so no event may be older."""
_NAN = float("nan")
_KINDS = {
    "web.page": Kind.VIEW, "app.screen": Kind.VIEW, "ad.impression": Kind.IMPRESSION,
    "ad.click": Kind.CLICK, "conversion.recorded": Kind.CONVERSION,
}  # fmt: skip
TYPES = (
    "ad.click", "ad.impression", "app.screen", "conversion.recorded", "custom.tracked",
    "user.identified", "web.page",
)  # fmt: skip
"""The types of events that are seen and scored."""
INSTALL = "install"
_SIGNALS = (
    "kind", "value", "device_class", "os", "os_version", "browser", "browser_version",
    "app_version", "width", "height", "density", "limited", "asn", "country", "language",
    "region_differs", "offset_hours", "latitude", "longitude", "vpn", "hosting", "tor", "proxy",
    "reputation", "connection", "has_carrier", "agent_differs", "view_seconds", "viewable",
    "cost", "named_device", "named_ip", "named_agent", "properties", "hour", "weekday", "second",
)  # fmt: skip
COLUMNS = (*_SIGNALS, *MEASURES)
"""What a sighting says of itself, by name."""
_REMEMBERED = 200
"""Longer texts are hashed each time: nobody may fill the memory with them."""
_UNMEASURED = (_NAN,) * len(MEASURES)
_LONGEST_WORD = 60
_NOTHING: Mapping[str, Any] = {}
_FLAGS = ("emulator", "webdriver", "hooked", "headless")


class Sighting(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An event: when (seconds since 2000), what, the ids of ``ENTITIES``, ``COLUMNS``' values."""

    at: float
    kind: Kind
    value: float
    flagged: float
    place: tuple[float, float]
    ids: tuple[float, ...]
    said: tuple[float, ...]


def sight(type: str, subject: str, body: Mapping[str, Any], at: datetime) -> Sighting:
    """The sighting of an event's body as the log keeps it; ``at`` is when it happened."""
    moment = at.timestamp() - EPOCH
    signals = body.get("signals") or _NOTHING
    kind = _kind(type, body)
    place = signals.get("place") or (_NAN, _NAN)
    said = _said(type, kind, body, signals, moment, place)
    lists, measured = signals.get("lists") or (), signals.get("measured") or _NOTHING
    flagged = bool(lists) or any(measured.get(name) == 1.0 for name in _FLAGS)
    return Sighting(
        at=moment, kind=kind, value=_number(body.get("value"), 0.0), flagged=float(flagged),
        place=(float(place[0]), float(place[1])), ids=_ids(subject, body, signals), said=said,
    )  # fmt: skip


def gather(sightings: Sequence[Sighting]) -> tuple[Happening, dict[str, Floats]]:
    """The columns of several sightings, in their order."""
    count = len(sightings)
    said = np.array([each.said for each in sightings]).reshape(count, len(COLUMNS))
    happening = Happening(
        at=np.array([each.at for each in sightings], dtype=np.float64),
        kind=np.array([each.kind for each in sightings], dtype=np.int64),
        value=np.array([each.value for each in sightings], dtype=np.float64),
        flagged=np.array([each.flagged for each in sightings], dtype=np.float64),
        place=np.array([each.place for each in sightings]).reshape(count, 2),
        ids=np.array([each.ids for each in sightings]).reshape(count, len(ENTITIES.names)),
    )
    return happening, {name: said[:, place] for place, name in enumerate(COLUMNS)}


def _kind(type: str, body: Mapping[str, Any]) -> Kind:
    if type == "conversion.recorded" and body.get("conversion_type") == INSTALL:
        return Kind.INSTALL
    return _KINDS.get(type, Kind.OTHER)


def identity(entity: str, text: str) -> float:
    """The id of ``text`` as an ``entity``: a whole number, evenly spread, ``NOBODY`` for none."""
    if not text:
        return NOBODY
    return _hashed(entity, text) if len(text) <= _REMEMBERED else _hashed.__wrapped__(entity, text)


@lru_cache(maxsize=65_536)
def _hashed(entity: str, text: str) -> float:
    digest = blake2b(f"{entity}:{text}".encode("utf-8", "replace"), digest_size=8).digest()
    return float(int.from_bytes(digest, "big") % int(LARGEST_ID) or 1)


def _ids(subject: str, body: Mapping[str, Any], signals: Mapping[str, Any]) -> tuple[float, ...]:
    """The ids in the order of ``ENTITIES``."""
    touch = body.get("touch") or _NOTHING
    publisher, campaign = _text(touch, "source"), _text(touch, "campaign")
    site = _text(touch, "sub_source") or _text(touch, "term")
    ip, model = _text(signals, "ip"), _text(signals, "model")
    system = f"{_text(signals, 'os')} {_text(signals, 'os_version')}".strip()
    agent = f"{ip} {model} {system} {_text(signals, 'agent')}" if ip else ""
    return (
        identity("subject", subject),
        identity("device", _text(signals, "device")),
        identity("ip", ip),
        identity("network", _text(signals, "network")),
        identity("agent", agent),
        identity("model", f"{_text(signals, 'maker')} {model}" if model else ""),
        identity("os", system),
        identity("publisher", publisher),
        identity("sub_publisher", f"{publisher} {site}" if site else ""),
        identity("campaign", campaign),
        identity("creative", _text(touch, "content")),
        identity("placement", f"{publisher} {campaign}" if publisher and campaign else ""),
        identity("offer", f"{ip} {campaign}" if ip and campaign else ""),
    )


def _said(
    type: str, kind: Kind, body: Mapping[str, Any], signals: Mapping[str, Any], moment: float,
    place: Sequence[float],
) -> tuple[float, ...]:  # fmt: skip
    """The values of ``COLUMNS``."""
    locale, screen = (
        (body.get("locale") or "")[:_LONGEST_WORD],
        signals.get("screen") or (_NAN, _NAN),
    )
    country, os = _text(signals, "country"), _text(signals, "os")
    lists, measured = signals.get("lists") or (), signals.get("measured")
    local = words.offset_hours((body.get("timezone") or "")[:_LONGEST_WORD], moment // 3600)
    device = body.get("device") or "unknown"
    said = (
        float(kind),
        _number(body.get("value")),
        words.code("device_class", device),
        words.code("os", os),
        words.version(_text(signals, "os_version")),
        words.code("browser", _text(signals, "browser")),
        words.version(_text(signals, "browser_version")),
        words.version(_text(signals, "app_version")),
        float(screen[0]),
        float(screen[1]),
        _number(signals.get("density")),
        _number(signals.get("limited")),
        _number(signals.get("asn")),
        words.spread(country),
        words.spread(locale[:2].lower()),
        words.region_differs(locale, country),
        local,
        float(place[0]),
        float(place[1]),
        float("vpn" in lists),
        float("hosting" in lists),
        float("tor" in lists),
        float("proxy" in lists),
        _number(signals.get("reputation")),
        words.code("connection", _text(signals, "connection")),
        float("carrier" in signals),
        words.agent_differs(device, os),
        _number(body.get("view_seconds")),
        _number(body.get("viewable")),
        _number(body.get("cost")),
        float("device" in signals),
        float("ip" in signals),
        float("agent" in signals),
        float(len(body.get("properties") or ())),
        moment % 86_400.0 // 3_600.0,
        (moment // 86_400.0 + 5.0) % 7.0,  # 2000-01-01 was a Saturday
        moment % 60.0,
    )
    if not measured:
        return said + _UNMEASURED
    return said + tuple(map(measured.get, MEASURES, _UNMEASURED))


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _number(value: Any, absent: float = _NAN) -> float:
    return float(value) if isinstance(value, int | float) else absent
