"""Whatever is turned away can be found with its code, by its tenant alone."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from ingest import rejections
from ingest.batch import Rejection

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def send(key, body, path="/api/v1/events"):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"authorization": f"Bearer {key}"}
    return Client().post(path, content, "application/json", headers=headers)


def found(key, **asked):
    headers = {"authorization": f"Bearer {key}"}
    answer = Client().get("/api/v1/rejections", asked, headers=headers)
    assert answer.status_code == 200, answer.content
    return answer.json()["rejections"]


def test_an_event_of_a_bad_batch_is_found_by_its_code(acme_key, rival_key):
    send(acme_key, {"events": [{"type": "no.such"}, {"type": "web.page"}]})
    [row] = found(acme_key, code="unknown_type")
    assert (row["index"], row["source"]) == (0, "api")
    assert {row["code"] for row in found(acme_key)} == {"unknown_type", "missing_subject"}
    assert found(rival_key) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{not json", "malformed_json"),
        (b'{"events": ["' + b"x" * (6 << 20) + b'"]}', "too_large"),
        ({"events": [{}] * 1_001}, "too_many_events"),
    ],
    ids=["malformed", "large", "many"],
)
@pytest.mark.parametrize("path", ["/api/v1/events", "/v1/batch"])
def test_a_request_turned_away_as_a_whole_is_found_too(acme_key, body, code, path):
    if path == "/v1/batch" and isinstance(body, dict):
        body = {"batch": body["events"]}
    answer = send(acme_key, body, path)
    assert answer.json()["code"] == code
    [row] = found(acme_key, code=code)
    assert row["index"] == rejections.WHOLE
    assert "bytes" in row["excerpt"]


def test_who_has_no_key_leaves_no_trace(acme, acme_key):
    send("ts_nothing", b"{not json")
    assert found(acme_key) == []


def reject(code, count, moment=NOW):
    rows = [Rejection(index=0, code=code, detail="d", excerpt="e") for _ in range(count)]
    rejections.keep(rows, source="api", now=moment)


def test_the_oldest_go_and_their_count_stays(acme, as_tenant, monkeypatch):
    monkeypatch.setattr(rejections, "KEPT", 1_000)
    with as_tenant(acme):
        for _ in range(8):
            reject("a", 250)
        day = NOW.date()
        assert rejections.find(limit=3_000).next_cursor is None
        assert len(rejections.find(limit=3_000).items) <= 1_500
        assert rejections.counts(start=day, end=day) == [
            rejections.CodeCount(code="a", count=2_000)
        ]


def test_counts_are_of_the_days_asked_for(acme, as_tenant):
    with as_tenant(acme):
        reject("a", 2)
        reject("b", 3)
        reject("a", 5, NOW - timedelta(days=1))
        day = NOW.date()
        assert [(each.code, each.count) for each in rejections.counts(start=day, end=day)] == [
            ("b", 3),
            ("a", 2),
        ]


def test_pages_follow_each_other_without_gap(acme, as_tenant):
    with as_tenant(acme):
        reject("a", 7)
        seen, cursor = [], None
        for _ in range(4):
            page = rejections.find(cursor=cursor, limit=2)
            seen += [item.id for item in page.items]
            cursor = page.next_cursor
        assert cursor is None
        assert len(set(seen)) == len(seen) == 7
        assert seen == sorted(seen, reverse=True)


def test_a_cursor_of_elsewhere_and_a_silly_limit_are_problems(acme_key):
    headers = {"authorization": f"Bearer {acme_key}"}
    for asked, code in [({"cursor": "x"}, "invalid_cursor"), ({"limit": 0}, "invalid_parameters")]:
        answer = Client().get("/api/v1/rejections", asked, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_the_page_lists_filters_and_exports(acme_owner_client, acme_key):
    send(acme_key, {"events": [{"type": "no.such"}, {"type": "web.page"}]})
    page = acme_owner_client.get("/events/rejected/", {"code": "unknown_type"}).content.decode()
    assert "There is no event type" in page
    assert "missing_subject" in page  # among the counts
    sheet = acme_owner_client.get("/events/rejected/", {"format": "csv"}).content.decode()
    assert sheet.count("unknown_type") == 1
    assert "Nothing fits" in acme_owner_client.get("/events/rejected/?q=zz").content.decode()
