"""Rows of spend become what a campaign cost on a day."""

from datetime import UTC, datetime

import pytest

from ingest.batch import Rejected
from ingest.imports import mapping
from ingest.imports.mapping import EVENTS, SPEND, TOUCHPOINTS, Mapping

HEADER = ["Date", "Channel", "Campaign", "Spend", "Clicks", "currency"]
ROW = {
    "Date": "2026-11-03", "Channel": "Paid Search", "Campaign": "brand", "Spend": "120.50",
    "Clicks": "80", "currency": "EUR",
}  # fmt: skip


def spend(**changes):
    columns = mapping.guess(SPEND, HEADER)
    return mapping.events({**ROW, **changes}, Mapping(kind=SPEND, columns=columns), "file:1")


def test_it_guesses_the_columns_of_an_advertising_export():
    columns = mapping.guess(SPEND, HEADER)
    assert columns == {
        "day": "Date", "channel": "Channel", "campaign": "Campaign", "cost": "Spend",
        "clicks": "Clicks", "currency": "currency",
    }  # fmt: skip
    assert mapping.missing(Mapping(kind=SPEND, columns=columns), HEADER) == []


def test_a_row_is_one_day_of_a_campaign():
    (event,) = spend()
    assert event.type == "spend.recorded"
    assert event.timestamp == datetime(2026, 11, 3, tzinfo=UTC)
    assert event.properties == {
        "day": "2026-11-03", "channel": "Paid Search", "campaign": "brand", "cost": 120.5,
        "clicks": 80, "currency": "EUR",
    }  # fmt: skip


def test_the_same_row_of_another_file_is_another_event():
    columns = mapping.guess(SPEND, HEADER)
    one, two = (
        mapping.events(ROW, Mapping(kind=SPEND, columns=columns), key)[0].id
        for key in ("first:1", "second:1")
    )
    assert one != two


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Spend": ""}, "wrong_type"),
        ({"Spend": "-3"}, "wrong_type"),
        ({"Spend": "inf"}, "wrong_type"),
        ({"Spend": "many"}, "wrong_type"),
        ({"Clicks": "1.5"}, "wrong_type"),
        ({"Channel": " "}, "missing_field"),
        ({"Date": ""}, "missing_field"),
        ({"Date": "yesterday"}, "wrong_type"),
    ],
)
def test_a_row_that_can_not_be_used_is_refused_with_its_reason(changes, code):
    with pytest.raises(Rejected) as refused:
        spend(**changes)
    assert refused.value.reason == code


def rates(**changes):
    row = {"Date": "2026-11-20", "Currency": "usd", "Rate": "0.8637"} | changes
    columns = mapping.guess(mapping.RATES, list(row))
    return mapping.events(row, mapping.Mapping(kind=mapping.RATES, columns=columns), "f:0")


def test_a_row_of_rates_is_a_rate_from_its_day_on():
    (event,) = rates(Base="EUR")

    assert event.type == "money.rate_set"
    assert event.properties == {
        "day": "2026-11-20", "currency": "USD", "rate": "0.8637", "base": "EUR",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Rate": "0"}, "invalid_rate"),
        ({"Rate": ""}, "invalid_rate"),
        ({"Currency": "dollars"}, "invalid_currency"),
        ({"Date": "yesterday"}, "wrong_type"),
    ],
)
def test_a_row_of_rates_that_says_no_rate_is_turned_away(changes, code):
    with pytest.raises(Rejected) as raised:
        rates(**changes)

    assert raised.value.reason == code


CLICK = {
    "when": "2026-11-03T10:00:00Z", "who": "u1", "ip": "81.2.69.142", "model": 7, "os": "14",
    "sensors": "21", "wifi": "true", "site": "glide-4", "publisher": "glide",
}  # fmt: skip
COLUMNS = {
    "time": "when", "subject": "who", "source": "publisher", "sub_source": "site",
    "context.ip": "ip", "context.device.model": "model", "context.os.version": "os",
    "context.signals.sensors": "sensors", "context.network.wifi": "wifi",
}  # fmt: skip


def click(**changes):
    (event,) = mapping.events({**CLICK, **changes}, Mapping(kind=TOUCHPOINTS, columns=COLUMNS), "x")
    return event


def test_columns_of_a_context_say_what_a_client_would_have_sent():
    event = click()

    assert event.context.ip == "81.2.69.142"
    assert event.context.device.model == "7"
    assert event.context.os == {"version": "14"}
    assert event.context.signals == {"sensors": 21.0}
    assert event.context.network == {"wifi": True}
    assert event.properties["touch"] == {"source": "glide", "sub_source": "glide-4"}


def test_what_a_row_leaves_empty_is_not_said():
    assert click(ip="", model=None).context.ip is None
    assert mapping.missing(Mapping(kind=TOUCHPOINTS, columns=COLUMNS), list(CLICK)) == []


def test_spend_has_no_context():
    faults = mapping.missing(Mapping(kind=SPEND, columns={"context.ip": "Date"}), HEADER)

    assert faults[0].startswith("context.ip is no field of spend")


def test_a_native_row_keeps_its_whole_context():
    row = {
        "type": "app.screen",
        "who": "u1",
        "when": "2026-11-03T10:00:00Z",
        "context": {"ip": "81.2.69.142", "os": {"name": "iOS"}},
    }
    columns = {"type": "type", "subject": "who", "time": "when", "context": "context"}

    (event,) = mapping.events(row, Mapping(kind=EVENTS, columns=columns), "x")

    assert (event.context.ip, event.context.os) == ("81.2.69.142", {"name": "iOS"})


def test_a_context_that_is_none_is_refused_with_its_reason():
    columns = {"type": "type", "subject": "who", "time": "when", "context": "context"}
    row = {"type": "app.screen", "who": "u1", "when": "2026-11-03", "context": {"locale": 7}}

    with pytest.raises(Rejected) as refused:
        mapping.events(row, Mapping(kind=EVENTS, columns=columns), "x")

    assert refused.value.reason == "wrong_type"
