"""Words of devices and places as numbers that trees can split."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from zoneinfo import ZoneInfo

_NAN = float("nan")
_START = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
_CODES: Mapping[str, Sequence[str]] = {
    "device_class": ("desktop", "mobile", "tablet"),
    "os": (
        "android", "ios", "ipados", "windows", "mac os x", "macos", "linux", "chrome os", "tvos",
    ),
    "browser": (
        "chrome", "chrome mobile", "chrome mobile webview", "mobile safari", "safari", "firefox",
        "firefox mobile", "edge", "edge mobile", "samsung internet", "opera", "headlesschrome",
        "mobile safari ui/wkwebview", "facebook", "instagram", "tiktok",
    ),
    "connection": ("wifi", "cellular", "bluetooth", "cable/dsl", "corporate", "satellite"),
}  # fmt: skip
_OTHER = 99.0
_HANDHELD, _STATIONARY = frozenset({"android", "ios", "ipados"}), frozenset({"windows", "macos"})


@lru_cache(maxsize=8192)
def code(kind: str, word: str) -> float:
    """The number of a known word of a kind, 99 of another, NaN of none."""
    if not word or word == "unknown":
        return _NAN
    known = _CODES[kind]
    plain = word.lower()
    return float(known.index(plain)) if plain in known else _OTHER


@lru_cache(maxsize=8192)
def version(text: str) -> float:
    """``14.2.1`` as 14.02: the first two numbers of a version."""
    parts = text.split(".", 2)
    try:
        first = int("".join(ch for ch in parts[0][:9] if ch.isascii() and ch.isdigit()))
    except ValueError:
        return _NAN
    second = "".join(ch for ch in (parts[1] if len(parts) > 1 else "")[:2] if "0" <= ch <= "9")
    return first + (int(second) / 100.0 if second else 0.0)


@lru_cache(maxsize=8192)
def spread(word: str) -> float:
    """A word as one of a thousand numbers, the same each time."""
    if not word:
        return _NAN
    digest = blake2b(word.encode("utf-8", "replace"), digest_size=8).digest()
    return float(int.from_bytes(digest, "big") % 1000)


@lru_cache(maxsize=8192)
def region_differs(locale: str, country: str) -> float:
    """1 where the locale's region (``de-AT``) is not the address's country, NaN where unknown."""
    region = locale.replace("_", "-").rpartition("-")[2].upper()
    if len(region) != 2 or not country or "-" not in locale.replace("_", "-"):
        return _NAN
    return float(region != country)


@lru_cache(maxsize=65_536)
def offset_hours(timezone: str, hour: float) -> float:
    """The hours that ``timezone`` is ahead of UTC in an hour since 2000, NaN where it is none."""
    if not timezone:
        return _NAN
    try:
        zone = _zone(timezone)
    except (OSError, ValueError):  # ZoneInfo raises for what is no zone, and for odd paths
        return _NAN
    offset = datetime.fromtimestamp(_START + hour * 3600.0, tz=zone).utcoffset()
    return offset.total_seconds() / 3600.0 if offset is not None else _NAN


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except KeyError as error:
        raise ValueError(name) from error


@lru_cache(maxsize=8192)
def agent_differs(device: str, os: str) -> float:
    """1 where the kind of device and its system do not go together, NaN where one is unknown."""
    plain = os.lower()
    if device == "unknown" or not plain:
        return _NAN
    if device == "desktop":
        return float(plain in _HANDHELD)
    return float(plain in _STATIONARY)
