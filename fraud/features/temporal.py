"""Temporal features: how long after what, and how regularly."""

import numpy as np

from fraud.features.catalogue import FEATURES, TEMPORAL, only, read, variation
from ml.features import Kind, Table
from ml.features.layout import Floats


@FEATURES.feature(TEMPORAL, unit="s", window="latest click of the person")
def ctit(table: Table) -> Floats:
    """Click to install time, of installs."""
    return only(table, Kind.INSTALL, table.of("subject")["since_click"])


@FEATURES.feature(TEMPORAL, unit="s", window="latest impression of the person")
def view_to_install(table: Table) -> Floats:
    """Impression to install time, of installs."""
    return only(table, Kind.INSTALL, table.of("subject")["since_impression"])


@FEATURES.feature(TEMPORAL, unit="s", window="latest impression of the person")
def view_to_click(table: Table) -> Floats:
    """Impression to click time, of clicks."""
    return only(table, Kind.CLICK, table.of("subject")["since_impression"])


@FEATURES.feature(TEMPORAL, unit="s", window="latest install of the person")
def install_to_conversion(table: Table) -> Floats:
    """From the install until something was bought, of conversions."""
    return only(table, Kind.CONVERSION, table.of("subject")["since_install"])


@FEATURES.feature(TEMPORAL, unit="share", window="latest click of the person")
def download_share(table: Table) -> Floats:
    """The time until the download began as a share of the CTIT; an injected click comes after."""
    return table["install_begin_seconds"] / table.of("subject")["since_click"]


@FEATURES.feature(TEMPORAL, unit="s", window="latest click of the person")
def download_after_click(table: Table) -> Floats:
    """Seconds from the click until the store began to download; below zero: the click came late."""
    return table["install_begin_seconds"]


@FEATURES.feature(TEMPORAL, unit="s", window="end of the download")
def first_open(table: Table) -> Floats:
    """Seconds from the end of the download until the app was opened."""
    return table["first_open_seconds"]


def _since(entity: str, words: str, what: str, column: str) -> None:
    name = f"{entity}_since_{what}"
    window = f"latest {what} of the {words}"
    doc = f"Seconds since the latest {what} of the {words}."
    read(TEMPORAL, entity, column, name=name, unit="s", window=window, doc=doc)


_since("subject", "person", "click", "since_click")
_since("subject", "person", "event", "since_event")
_since("subject", "person", "install", "since_install")
_since("ip", "ip", "click", "since_click")
_since("ip", "ip", "event", "since_event")
_since("device", "device", "event", "since_event")
_since("device", "device", "install", "since_install")
_since("agent", "fingerprint", "click", "since_click")
_since("offer", "ip in the campaign", "click", "since_click")


@FEATURES.feature(TEMPORAL, unit="s", window="30 days")
def subject_age(table: Table) -> Floats:
    """Seconds since the person was first seen."""
    return table.of("subject")["age"]


@FEATURES.feature(TEMPORAL, unit="s", window="the session: until 30 minutes without an event")
def session_seconds(table: Table) -> Floats:
    """How long the person's session has lasted."""
    return table.of("subject")["session_age"]


@FEATURES.feature(TEMPORAL, unit="events", window="the session: until 30 minutes without an event")
def session_events(table: Table) -> Floats:
    """Events in the person's session so far."""
    return table.of("subject")["session_events"]


@FEATURES.feature(TEMPORAL, unit="s", window="about 50 events")
def mean_gap(table: Table) -> Floats:
    """Mean time between the person's events."""
    subject = table.of("subject")
    return np.where(subject["gaps"] >= 1, subject["gap_mean"], np.nan)


@FEATURES.feature(TEMPORAL, unit="ratio", window="about 50 events")
def gap_variation(table: Table) -> Floats:
    """Standard deviation of those times as a share of their mean; a machine's is near 0."""
    subject = table.of("subject")
    return variation(subject["gap_mean"], subject["gap_var"], subject["gaps"])


@FEATURES.feature(TEMPORAL, unit="h")
def hour_utc(table: Table) -> Floats:
    """Hour of the day in UTC."""
    return table["hour"]


@FEATURES.feature(TEMPORAL, unit="h")
def hour_local(table: Table) -> Floats:
    """Hour of the day where the device says it is."""
    return (table["hour"] + table["offset_hours"]) % 24.0


@FEATURES.feature(TEMPORAL, unit="day")
def weekday(table: Table) -> Floats:
    """Day of the week in UTC, Monday is 0."""
    return table["weekday"]


@FEATURES.feature(TEMPORAL, unit="s")
def second_of_minute(table: Table) -> Floats:
    """Second of the minute; programs like round times."""
    return table["second"]
