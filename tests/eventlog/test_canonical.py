"""Canonical JSON and leaf hashes."""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventlog import canonical
from eventlog.contracts import TooDeep, UnstorableValue

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(-1e18, 1e18, allow_nan=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
PAYLOADS = st.dictionaries(TEXT, JSON, max_size=5)


@given(PAYLOADS)
def test_it_is_a_fixed_point_of_decoding_and_encoding(payload):
    once = canonical.encode(payload)
    assert canonical.encode(msgspec.json.decode(once)) == once


def test_it_does_not_depend_on_the_order_of_keys_or_the_spelling_of_numbers():
    one = canonical.encode(msgspec.json.decode(b'{"b": 1.0, "a": [2e2, -0.0]}'))
    other = canonical.encode(msgspec.json.decode(b'{"a": [200, 0], "b": 1}'))
    assert one == other == b'{"a":[200,0],"b":1}'


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("nul\x00byte", "NUL"),
        (float("nan"), "finite"),
        (float("inf"), "finite"),
        (1e30, "64 bits"),
        (2**64, "64 bits"),
        ("\ud800", "surrogate"),
        (b"bytes", "no word"),
    ],
)
def test_it_refuses_what_the_log_would_not_keep_exactly(value, says):
    with pytest.raises(UnstorableValue, match=says):
        canonical.encode({"field": {"inner": [value]}})


def test_it_refuses_a_key_with_a_nul():
    with pytest.raises(UnstorableValue, match="NUL"):
        canonical.encode({"a\x00": 1})


def test_it_refuses_what_is_nested_too_deeply():
    payload = {"x": 1}
    for _ in range(canonical.MAX_DEPTH + 1):
        payload = {"x": payload}
    with pytest.raises(TooDeep):
        canonical.encode(payload)


def test_it_writes_timestamps_in_one_way_only():
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))
    assert canonical.timestamp(moment) == "2026-01-02T01:04:05.000000Z"
    assert canonical.timestamp(moment.astimezone(UTC)) == "2026-01-02T01:04:05.000000Z"


@given(PAYLOADS, TEXT, st.none() | st.binary(max_size=40))
def test_it_hashes_a_line_that_is_itself_canonical_json(payload, subject, sealed):
    line = canonical.leaf_input(
        id=uuid.UUID(int=7),
        type="web.page",
        version=1,
        subject=subject,
        occurred_at="2026-01-02T01:04:05.000000Z",
        recorded_at="2026-01-02T01:04:06.000000Z",
        source="api",
        payload=canonical.encode(payload),
        sealed=sealed,
    )
    assert canonical.encode(msgspec.json.decode(line)) == line
    assert canonical.leaf_hash(line) == hashlib.sha256(b"\x00" + line).digest()
