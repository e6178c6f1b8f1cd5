"""Behavioural features: what a person does, how much of it, and how a hand moves."""

import numpy as np

from fraud.features.catalogue import BEHAVIOURAL, FEATURES, only, ratio, read, said, variation
from ml.features import Kind, Table
from ml.features.layout import Floats

said(BEHAVIOURAL, "pointer_moves", "count", "Movements of the pointer.")
said(BEHAVIOURAL, "pointer_entropy", "bits", "Entropy of its directions; a straight line has none.")
said(BEHAVIOURAL, "pointer_straightness", "share", "Distance from start to end by the way.")
said(BEHAVIOURAL, "pointer_speed", "px/s", "Its mean speed.")
said(
    BEHAVIOURAL,
    "pointer_speed_variation",
    "ratio",
    "How much the speed varies; a program's does not.",
)
said(BEHAVIOURAL, "touch_pressure_variation", "ratio", "How much the pressure of touches varies.")
said(
    BEHAVIOURAL,
    "tilt_variation",
    "degrees",
    "How much the device is tilted; one on a shelf is not.",
)
said(BEHAVIOURAL, "taps", "count", "Taps and mouse clicks.")
said(BEHAVIOURAL, "keys", "count", "Keys pressed.")
said(BEHAVIOURAL, "key_interval_variation", "ratio", "How much the times between keys vary.")
said(BEHAVIOURAL, "scrolls", "count", "Times scrolled.")
said(BEHAVIOURAL, "scroll_depth", "share", "How far down was seen.")
said(BEHAVIOURAL, "scroll_speed", "px/s", "Mean speed of scrolling.")
said(BEHAVIOURAL, "dwell_seconds", "s", "Time on the page or screen.")
said(BEHAVIOURAL, "focus_share", "share", "Share of that time in which it was in front.")
said(BEHAVIOURAL, "first_input_seconds", "s", "From opening to the first input.")
said(BEHAVIOURAL, "form_seconds", "s", "How long filling in the form took.")
said(BEHAVIOURAL, "pastes", "count", "Texts pasted into fields.")
said(BEHAVIOURAL, "backs", "count", "Steps back.")
said(BEHAVIOURAL, "turns", "count", "Times the device was turned.")
said(BEHAVIOURAL, "view_seconds", "s", "How long an advertisement was in sight.")
said(BEHAVIOURAL, "viewable", "truth", "The advertisement was in sight.")
said(BEHAVIOURAL, "properties", "count", "Properties the event has.")


@FEATURES.feature(BEHAVIOURAL, unit="code")
def kind(table: Table) -> Floats:
    """What happened: view 1, impression 2, click 3, install 4, conversion 5, another 0."""
    return table["kind"]


def _of(column: str, name: str, unit: str, doc: str) -> None:
    read(BEHAVIOURAL, "subject", column, name=name, unit=unit, window="30 days", doc=doc)


_of("views", "subject_views", "events", "Pages and screens the person saw.")
_of("impressions", "subject_impressions", "events", "Advertisements the person was shown.")
_of("clicks", "subject_clicks", "events", "Advertisements the person clicked.")
_of("installs", "subject_installs", "events", "Installs of the person.")
_of("conversions", "subject_conversions", "events", "Conversions of the person.")
_of("sessions", "subject_sessions", "sessions", "Sessions of the person.")
_of("revenue", "subject_revenue", "money", "What the person has spent.")


def _per(top: str, bottom: str, name: str, doc: str) -> None:
    ratio(
        BEHAVIOURAL, "subject", top, bottom, name=name, unit="ratio", window="30 days", doc=doc
    )  # fmt: skip


_per("clicks", "impressions", "click_rate", "Clicks of the person per impression.")
_per("clicks", "events", "click_share", "Share of the person's events that are clicks.")
_per("views", "sessions", "views_a_session", "Pages and screens of the person per session.")
_per("conversions", "views", "conversions_a_view", "Conversions per page or screen.")
_per("regular", "events", "regular_share", "Share of events at the usual interval (±10 %).")
_per("same_value", "conversions", "same_value_share", "Share of conversions worth what the one "
     "before was.")  # fmt: skip


@FEATURES.feature(BEHAVIOURAL, unit="clicks", window="1 hour, in steps of 10 minutes")
def subject_clicks_hour(table: Table) -> Floats:
    """Clicks of the person within the hour."""
    return table.of("subject")["hour_clicks"]


@FEATURES.feature(BEHAVIOURAL, unit="s", window="the latest two clicks")
def click_gap(table: Table) -> Floats:
    """Time between the person's latest two clicks."""
    return table.of("subject")["click_gap"]


@FEATURES.feature(BEHAVIOURAL, unit="ratio", window="about 50 clicks")
def click_gap_variation(table: Table) -> Floats:
    """Standard deviation of the times between the person's clicks as a share of their mean."""
    subject = table.of("subject")
    return variation(subject["click_gap_mean"], subject["click_gap_var"], subject["click_gaps"])


@FEATURES.feature(BEHAVIOURAL, unit="s", window="30 days")
def funnel_seconds(table: Table) -> Floats:
    """From the first that was seen of the person to a conversion."""
    return only(table, Kind.CONVERSION, table.of("subject")["age"])


@FEATURES.feature(BEHAVIOURAL, unit="events", window="30 days")
def funnel_events(table: Table) -> Floats:
    """Events of the person before a conversion."""
    return only(table, Kind.CONVERSION, table.of("subject")["events"])


@FEATURES.feature(BEHAVIOURAL, unit="money")
def value(table: Table) -> Floats:
    """What the conversion is worth."""
    return table["value"]


@FEATURES.feature(BEHAVIOURAL, unit="ratio", window="latest conversion of the person")
def value_to_before(table: Table) -> Floats:
    """That worth by the one's before."""
    return table["value"] / table.of("subject")["last_value"]


@FEATURES.feature(BEHAVIOURAL, unit="money/h", window="30 days")
def revenue_speed(table: Table) -> Floats:
    """What the person has spent per hour since first seen."""
    subject = table.of("subject")
    return subject["revenue"] / np.maximum(subject["age"] / 3_600.0, 1.0)
