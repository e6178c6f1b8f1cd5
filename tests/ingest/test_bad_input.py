"""Whatever is sent: a clear answer with a stable code, the good events kept, never a 500."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventlog import read
from ingest import endpoints
from ingest.models import Rejection

GOOD = {"type": "custom.tracked", "anonymous_id": "ann", "name": "Fine"}


def send(key, body, *, path="/api/v1/events", content_type="application/json", **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"authorization": f"Bearer {key}", **headers}
    return Client(raise_request_exception=True).post(path, content, content_type, headers=sent)


def nested(depth):
    value = {}
    for _ in range(depth):
        value = {"deeper": value}
    return value


def at(**ago):
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{not json", 400, "malformed_json"),
        (b'{"events":' + b"[" * 100_000, 400, "malformed_json"),
        (b"[]", 400, "wrong_type"),
        (b'{"events": 5}', 400, "wrong_type"),
        (b"{}", 400, "missing_field"),
        (b'{"events": ["' + b"x" * (6 << 20) + b'"]}', 413, "too_large"),
        ({"events": [GOOD] * 10_000}, 413, "too_many_events"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_it_answers_a_body_it_cannot_read_with_a_problem(acme_key, body, status, code):
    answer = send(acme_key, body)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"type": "no.such_type"}, "unknown_type"),
        ({"type": 7}, "wrong_type"),
        ({"timestamp": "yesterday"}, "wrong_type"),
        ({"timestamp": at(days=30 * 365)}, "too_old"),
        ({"timestamp": at(days=-1)}, "in_future"),
        ({"anonymous_id": None}, "missing_subject"),
        ({"name": None}, "missing_field"),
        ({"properties": {"text": "a\x00b"}}, "unstorable_value"),
        ({"properties": {"number": 2**70}}, "unstorable_value"),
        ({"properties": nested(60)}, "too_deep"),
        ({"properties": {"text": "x" * 40_000}}, "event_too_large"),
        ({"context": {"page": 5}}, "wrong_type"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_it_turns_one_bad_event_away_and_keeps_the_good_ones(acme, acme_key, as_tenant, bad, code):
    answer = send(acme_key, {"events": [GOOD, {**GOOD, **bad}, {**GOOD, "name": "Also fine"}]})
    assert answer.status_code == 200, answer.content
    document = answer.json()
    assert document["accepted"] == 2
    assert [(each["index"], each["code"]) for each in document["rejected"]] == [(1, code)]
    assert document["rejected"][0]["detail"]
    with as_tenant(acme):
        names = {json.loads(each.payload)["name"] for each in read.latest(limit=5)}
        assert names == {"Fine", "Also fine"}
        assert Rejection.objects.get().code == code


def test_it_reads_lines_and_names_the_bad_one(acme_key):
    lines = b'{"type":"custom.tracked","anonymous_id":"a","name":"x"}\nrubbish\n'
    answer = send(acme_key, lines, content_type="application/x-ndjson").json()
    assert answer["accepted"] == 1
    assert [each["index"] for each in answer["rejected"]] == [1]


def test_it_unpacks_gzip_within_bounds(acme_key):
    packed = gzip.compress(json.dumps({"events": [GOOD]}).encode())
    zipped = {"content-encoding": "gzip"}
    assert send(acme_key, packed, **zipped).json()["accepted"] == 1
    bomb = send(acme_key, gzip.compress(b"0" * 200_000_000), **zipped)
    assert (bomb.status_code, bomb.json()["code"]) == (413, "too_large")
    broken = send(acme_key, b"\x1f\x8bnot gzip", **zipped)
    assert (broken.status_code, broken.json()["code"]) == (400, "bad_gzip")
    other = send(acme_key, b"x", **{"content-encoding": "br"})
    assert (other.status_code, other.json()["code"]) == (415, "unsupported_encoding")


def test_it_tells_a_wrong_key_nothing(acme, acme_key):
    wrong = send("ts_AAAAAAAA_" + "b" * 32, {"events": [GOOD]})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "invalid_key")
    none = Client().post("/api/v1/events", b"{}", "application/json")
    assert (none.status_code, none.json()["code"]) == (401, "missing_key")


def test_it_answers_duplicates_as_duplicates(acme_key):
    event = {**GOOD, "id": "order-1", "timestamp": at(minutes=5)}
    assert send(acme_key, {"events": [event]}).json()["accepted"] == 1
    again = send(acme_key, {"events": [event, event]}).json()
    assert (again["accepted"], again["duplicates"]) == (0, 2)


def test_it_recognises_a_retry_of_an_event_without_a_time(acme_key):
    event = {**GOOD, "id": "no-time-1"}
    assert send(acme_key, {"events": [event]}).json()["accepted"] == 1
    assert send(acme_key, {"events": [event]}).json()["duplicates"] == 1


def test_it_asks_to_try_again_while_the_database_is_away(acme_key, monkeypatch):
    def gone(*args, **more):
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(endpoints, "collect", gone)
    answer = send(acme_key, {"events": [GOOD]})
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert answer.json()["code"]


@pytest.mark.parametrize(
    ("call", "message", "type"),
    [
        ("track", {"event": "Order Completed", "properties": {"revenue": 5}}, "custom.tracked"),
        ("page", {"name": "Home", "properties": {"url": "https://a.example/"}}, "web.page"),
        ("screen", {"name": "Home"}, "app.screen"),
        ("identify", {"userId": "u1", "traits": {"plan": "plus"}}, "user.identified"),
        ("alias", {"userId": "u1", "previousId": "old"}, "user.aliased"),
        ("group", {"groupId": "g1", "traits": {"industry": "retail"}}, "user.grouped"),
    ],
)
def test_it_takes_each_of_segments_calls(acme, acme_key, as_tenant, call, message, type):
    body = {"anonymousId": "ann", "messageId": f"m-{call}", "timestamp": at(minutes=1), **message}
    answer = send(acme_key, body, path=f"/v1/{call}")
    assert (answer.status_code, answer.json()["success"]) == (200, True)
    batch = {"batch": [{**body, "type": call, "messageId": f"b-{call}"}]}
    assert send(acme_key, batch, path="/v1/batch").json()["rejected"] == []
    with as_tenant(acme):
        assert [each.type for each in read.latest(limit=5)] == [type, type]


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_it_never_fails_on_garbage(acme_key, body):
    for path in ("/api/v1/events", "/v1/batch", "/v1/track"):
        assert send(acme_key, body, path=path).status_code < 500


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["type", "timestamp", "properties", "context", "id"]), JSON))
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_it_never_fails_on_events_of_any_shape(acme_key, event):
    content = json.dumps({"events": [{**GOOD, **event}, GOOD]}).encode()
    assert send(acme_key, content).status_code < 500
