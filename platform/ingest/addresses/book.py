"""Everything known of addresses in one place, read anew when its files change."""

import ipaddress
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import maxminddb
from django.conf import settings

from ingest.addresses import feeds

DATABASES = ("City", "Country", "ASN", "Connection-Type", "ISP")
"""What of MaxMind's databases is looked for, as ``*-NAME.mmdb`` (GeoLite2 and GeoIP2 alike)."""
LOOK_EVERY_SECONDS = 60.0
_HALF_A_DEGREE = 2.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address: itself and its network as text, and what the files say of it.

    ``place``: latitude and longitude to half a degree, about a region.
    """

    text: str
    network: str
    asn: int | None = None
    carrier: str | None = None
    country: str | None = None
    place: tuple[float, float] | None = None
    connection: str | None = None
    lists: tuple[str, ...] = ()
    reputation: float | None = None


class Book:
    """The databases and lists of a folder."""

    def __init__(self, folder: Path | None) -> None:
        self.feeds = feeds.load(folder)
        self._databases = [
            maxminddb.open_database(path)
            for name in DATABASES
            for path in sorted(folder.glob(f"*-{name}.mmdb") if folder else ())[:1]
        ]
        self.look_up = lru_cache(maxsize=65_536)(self._look_up)
        if self.feeds.unread:
            _log.warning("lists of networks: %d lines are no networks", self.feeds.unread)

    def _look_up(self, text: str) -> Address | None:
        """What is known of the address ``text``; ``None`` where it is none."""
        try:
            address = ipaddress.ip_address(text.strip())
        except ValueError:
            return None
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        length = 24 if address.version == 4 else 48
        network = ipaddress.ip_network((address, length), strict=False)
        found: dict[str, Any] = {}
        for database in self._databases:
            if address.version == 6 and database.metadata().ip_version == 4:
                continue
            entry = database.get(address)
            if isinstance(entry, dict):
                found |= entry
        return Address(
            text=str(address), network=str(network), lists=self.feeds.names(address),
            reputation=self.feeds.reputation.value(address), **_told(found),
        )  # fmt: skip


def _told(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The words of MaxMind's records as ours."""
    where, country = entry.get("location") or {}, entry.get("country") or {}
    carrier = entry.get("isp") or entry.get("autonomous_system_organization")
    place = None
    if "latitude" in where and "longitude" in where:
        place = (_coarse(where["latitude"]), _coarse(where["longitude"]))
    return {
        "asn": entry.get("autonomous_system_number"), "carrier": carrier,
        "country": country.get("iso_code"), "place": place,
        "connection": entry.get("connection_type"),
    }  # fmt: skip


def _coarse(degrees: float) -> float:
    return round(degrees * _HALF_A_DEGREE) / _HALF_A_DEGREE


class _Kept:
    """The book in use, with when its files were last looked at and what they were then."""

    def __init__(self) -> None:
        self.book: Book | None = None
        self.folder: Path | None = None
        self.looked = 0.0
        self.stamp: tuple[tuple[str, float], ...] = ()


_kept = _Kept()


def book() -> Book:
    """The book of ``TOUCHSTONE_ADDRESSES_DIR``; looks for changed files once a minute."""
    moment, folder = time.monotonic(), settings.ADDRESSES_DIR
    known = _kept.book is not None and folder == _kept.folder
    if _kept.book is not None and known and moment - _kept.looked < LOOK_EVERY_SECONDS:
        return _kept.book
    stamp = _stamp(folder)
    if _kept.book is None or not known or stamp != _kept.stamp:
        before = _kept.book if known else None
        _kept.book, _kept.folder, _kept.stamp = _opened(folder, before), folder, stamp
    _kept.looked = moment
    return _kept.book


def _opened(folder: Path | None, before: Book | None) -> Book:
    """The book of a folder; where its files can't be read, its one before: events go on."""
    try:
        return Book(folder)
    except (maxminddb.InvalidDatabaseError, OSError) as error:
        _log.error("databases of addresses in %s can't be read: %s", folder, error)
        return before or Book(None)


def _stamp(folder: Path | None) -> tuple[tuple[str, float], ...]:
    if folder is None or not folder.is_dir():
        return ()
    found = []
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # replaced this moment
            found.append((path.name, path.stat().st_mtime))
    return tuple(sorted(found))
