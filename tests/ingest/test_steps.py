from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from ingest import pipeline
from ingest.batch import Batch, Circumstances
from ingest.wire import Context, Incoming, SentPage

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HERE = Circumstances(now=NOW, secret=b"s" * 32, source="api", oldest=timedelta(days=1095))

NEED_A_DATABASE = {"consent", "seal", "append", "score"}


def run(**fields: Any) -> Batch:
    """One event through every step but those that need a database."""
    page: dict[str, Any] = {"type": "web.page", "id": "1", "anonymous_id": "a", "timestamp": NOW}
    batch = pipeline.start([(0, Incoming(**page | fields))], HERE)
    for step in pipeline.steps():
        if step.name not in NEED_A_DATABASE:
            batch = step.function(batch)
    return batch


def deep(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"type": "no.such"}, "unknown_type"),
        ({"type": "tenant.role_changed"}, "reserved_type"),
        ({"type": "money.rate_set"}, "reserved_type"),
        ({"timestamp": NOW - timedelta(days=30 * 365)}, "too_old"),
        ({"timestamp": NOW + timedelta(hours=2)}, "in_future"),
        ({"anonymous_id": None}, "missing_subject"),
        ({"anonymous_id": ""}, "missing_subject"),
        ({"type": "custom.tracked"}, "missing_field"),
        ({"properties": {"a": "\x00"}}, "unstorable_value"),
        ({"properties": {"a": 2**70}}, "unstorable_value"),
        ({"properties": deep(30)}, "too_deep"),
        ({"properties": deep(800)}, "too_deep"),
        ({"properties": {"a": "x" * 40_000}}, "event_too_large"),
    ],
)
def test_it_rejects_with_a_stable_code(fields: dict[str, Any], code: str) -> None:
    batch = run(**fields)
    assert batch.drafts == ()
    assert [(each.index, each.code) for each in batch.rejected] == [(0, code)]


def test_it_keeps_nothing_personal() -> None:
    context = Context(
        page=SentPage(url="https://x.de/?email=a%40b.c"), ip="1.2.3.4", userAgent="iPhone Mobile"
    )
    [draft] = run(user_id="ann@x.de", properties={"email": "a@b.c"}, context=context).drafts
    for text in (b"a@b.c", b"a%40b.c", b"1.2.3.4", b"iPhone", b"ann@x.de"):
        assert text not in draft.payload
    body = msgspec.json.decode(draft.payload)
    assert body["device"] == "mobile"
    assert body["withheld"] == [
        "context.ip",
        "context.userAgent",
        "page.url",
        "properties.email",
    ]


def test_it_takes_the_anonymous_id_as_subject_and_the_user_as_person() -> None:
    [both] = run(user_id="u").drafts
    [user] = run(user_id="u", anonymous_id=None).drafts
    assert both.body["person"] == user.subject
    assert both.subject != user.subject


def test_it_gives_an_alias_both_pseudonyms_of_the_previous_id() -> None:
    [alias] = run(type="user.aliased", user_id="u", previous="a").drafts
    assert alias.body["previous"] == alias.subject
    assert alias.body["previous_user"] != alias.subject


def test_it_leaves_an_event_with_an_id_and_no_time_to_the_log() -> None:
    [draft] = run(timestamp=None).drafts
    assert draft.occurred_at is None
    [unnamed] = run(timestamp=None, id=None).drafts
    assert unnamed.occurred_at == NOW


def test_it_does_not_show_values_of_rejected_events() -> None:
    [rejection] = run(type="no.such", properties={"email": "a@b.c"}, user_id="ann").rejected
    assert "a@b.c" not in rejection.excerpt
    assert "ann" not in rejection.excerpt
    assert "email" in rejection.excerpt


def test_it_refuses_to_put_a_step_behind_an_unknown_one() -> None:
    with pytest.raises(LookupError):
        pipeline.register_step("classify", lambda batch: batch, after="nothing")
