"""POST /api/v1/fraud/score: scores with reasons; nothing kept, nothing counted."""

import json
import uuid

import pytest

from fraud.scoring import states
from tests.conftest import _key
from tests.sending import post_events

PATH = "/api/v1/fraud/score"


@pytest.fixture
def ask(client, acme_key):
    def post(*events, key=acme_key, body=None, **headers):
        content = json.dumps({"events": list(events)}) if body is None else body
        return client.post(
            PATH, content, content_type="application/json",
            headers={"Authorization": f"Bearer {key}", **headers},
        )  # fmt: skip

    return post


@pytest.mark.usefixtures("scoring")
def test_it_scores_beside_what_came_before(ask, acme_key, injected):
    click, install = injected
    post_events(acme_key, click)

    answer = ask(install)

    assert answer.status_code == 200
    found = answer.json()
    (score,) = found["scores"]
    assert (score["verdict"], score["kind"], score["score"]) == ("block", "click_injection", 86)
    assert score["reasons"][0]["text"].startswith("0.3 s from click to install; people take")
    assert score["kind_name"] == "click injection"
    assert 0 < score["confidence"] <= 1
    assert set(found["latency_ms"]) == {
        "read", "features", "rules", "models", "explanation", "total",
    }  # fmt: skip


@pytest.mark.usefixtures("scoring")
def test_asking_leaves_no_trace(ask, acme_key, injected):
    click, install = injected

    ask(click)
    ask(click)

    assert ask(install).json()["scores"][0]["score"] == 0  # the click was never counted
    assert post_events(acme_key, click)["accepted"] == 1


def test_it_scores_without_scoring_as_events_come(ask, injected):
    assert ask(injected[0]).json()["scores"][0]["verdict"] == "allow"


def test_a_bad_event_costs_no_good_one(ask, injected):
    found = ask({"type": "moon.rise"}, injected[0], {"type": "ad.click"}).json()

    assert [each["index"] for each in found["scores"]] == [1]
    codes = {each["index"]: each["code"] for each in found["rejected"]}
    assert codes == {0: "unknown_type", 2: "missing_subject"}


def test_what_nobody_scores_is_said(ask):
    found = ask({"type": "user.aliased", "anonymous_id": "a", "previous": "b"}).json()

    assert found["rejected"][0]["code"] == "not_scored"


def test_a_question_decides_nothing_for_a_person(ask, acme_key):
    """Consent is kept by a step of ingestion: a key that reads may not bring any in."""
    who = uuid.uuid4().hex
    no = {"purposes": {"analytics": False, "marketing": False}}

    found = ask({"type": "consent.changed", "anonymous_id": who, "properties": no}).json()

    assert found["rejected"][0]["code"] == "not_scored"
    assert post_events(acme_key, {"type": "web.page", "anonymous_id": who})["accepted"] == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "malformed_json"), ("[]", 400, "wrong_type"), ("{}", 400, "missing_field"),
        (json.dumps({"events": [{"type": "ad.click"}] * 101}), 413, "too_many_events"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_a_problem_document(ask, body, status, code):
    answer = ask(body=body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_it_answers_nobody_without_a_key_to_read(client, ask):
    assert client.post(PATH, "{}", content_type="application/json").status_code == 401
    assert ask(key="nonsense").status_code == 401


def test_a_key_that_only_sends_may_not_ask(acme, ask):
    assert ask(key=_key(acme, "ingest")).status_code == 403


def test_it_says_so_when_redis_is_away(ask, injected, monkeypatch):
    def away(*_, **__):
        raise states.AWAY[0]("gone")

    monkeypatch.setattr(states, "features", away)

    answer = ask(injected[0])

    assert (answer.status_code, answer.json()["code"]) == (503, "scoring_away")
