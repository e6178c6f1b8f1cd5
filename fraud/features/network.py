"""Network features: the address, who else is behind it, how it changes and travels."""

import numpy as np

from fraud.features.catalogue import FEATURES, NETWORK, ratio, read, said, variation
from ml.features import Table
from ml.features.layout import Floats

_EARTH_KM = 6_371.0
_DEGREES_AN_HOUR = 15.0
_SOON = 60.0
"""Seconds below which no journey is timed: a switch from wifi to cellular is none."""


said(NETWORK, "named_ip", "truth", "The event has an ip.")
said(NETWORK, "asn", "number", "The autonomous system the address belongs to.")
said(NETWORK, "country", "code", "Its country, as one of a thousand numbers.")
said(NETWORK, "vpn", "truth", "The address is in the list of VPNs.")
said(NETWORK, "hosting", "truth", "The address is in the list of data centres.")
said(NETWORK, "tor", "truth", "The address is in the list of Tor exits.")
said(NETWORK, "proxy", "truth", "The address is in the list of proxies.")
said(
    NETWORK,
    "reputation",
    "score",
    "The worst reputation of the networks around it, 0 good to 1 bad.",
)
said(NETWORK, "connection", "code", "Wifi, cellular or another connection, as a code.")
said(NETWORK, "has_carrier", "truth", "A carrier is known.")
said(NETWORK, "region_differs", "truth", "The language's region is not the address's country.")


@FEATURES.feature(NETWORK, unit="h")
def zone_off_place(table: Table) -> Floats:
    """Hours between the device's time zone and the sun time of where its address is."""
    return np.abs(table["offset_hours"] - table["longitude"] / _DEGREES_AN_HOUR)


def _kilometres(table: Table) -> Floats:
    """Great-circle distance from the person's place before (haversine)."""
    before = table.of("subject")
    here, there = np.radians(table["latitude"]), np.radians(before["latitude"])
    across = np.radians(table["longitude"] - before["longitude"]) / 2.0
    half = np.sin((here - there) / 2.0) ** 2 + np.cos(here) * np.cos(there) * np.sin(across) ** 2
    distance: Floats = 2.0 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return distance


@FEATURES.feature(NETWORK, unit="km", window="latest place of the person")
def moved_km(table: Table) -> Floats:
    """Kilometres from where the person was before."""
    return _kilometres(table)


@FEATURES.feature(NETWORK, unit="km/h", window="latest place of the person")
def moved_kmh(table: Table) -> Floats:
    """How fast the person would have travelled since; nobody flies at 2,000 km/h."""
    hours = np.maximum(table.of("subject")["since_place"], _SOON) / 3_600.0
    return _kilometres(table) / hours


def _of(entity: str, column: str, name: str, unit: str, window: str, doc: str) -> None:
    read(NETWORK, entity, column, name=name, unit=unit, window=window, doc=doc)


_LATELY = "today and the day before"
_of("ip", "age", "ip_age", "s", "30 days", "Seconds since the ip was first seen.")
_of("ip", "distinct_a", "ip_subjects", "persons", _LATELY, "Different persons behind the ip.")
_of("ip", "distinct_b", "ip_devices", "devices", _LATELY, "Different devices behind the ip.")
_of("ip", "distinct_c", "ip_agents", "fingerprints", _LATELY, "Fingerprints behind the ip.")
_of("network", "distinct_a", "network_ips", "ips", _LATELY, "Different ips of the network.")
_of("network", "distinct_b", "network_devices", "devices", _LATELY, "Devices of the network.")
_of("subject", "distinct_a", "subject_ips", "ips", _LATELY, "Different ips the person came by.")
_of("device", "distinct_b", "device_ips", "ips", _LATELY, "Different ips the device came by.")


def _share(entity: str, column: str, name: str, doc: str) -> None:
    ratio(
        NETWORK, entity, column, "events", name=name, unit="share", window="30 days", doc=doc
    )  # fmt: skip


_share("ip", "newcomers", "ip_newcomers", "Share of the ip's events that were a person's first.")
_share("network", "newcomers", "network_newcomers", "The same share of its network.")
_share("network", "flagged", "network_flagged", "Share of the network's events that look made.")
_share("ip", "regular", "ip_regular", "Share of the ip's events at its usual interval (±10 %).")


@FEATURES.feature(NETWORK, unit="s", window="about 50 events")
def ip_mean_gap(table: Table) -> Floats:
    """Mean time between events from the ip."""
    ip = table.of("ip")
    return np.where(ip["gaps"] >= 1, ip["gap_mean"], np.nan)


@FEATURES.feature(NETWORK, unit="ratio", window="about 50 events")
def ip_gap_variation(table: Table) -> Floats:
    """Standard deviation of those times as a share of their mean."""
    ip = table.of("ip")
    return variation(ip["gap_mean"], ip["gap_var"], ip["gaps"])
