"""The API of rules and decisions: contract, refusals, what a key may do."""

import uuid

import pytest
from django.test import Client

from attribution import handlers
from eventlog import read
from tests.attribution.stories import click, purchase, rejected
from tests.conftest import _key


@pytest.fixture
def story(acme, as_tenant):
    with as_tenant(acme):
        handlers.handle(
            [
                click(1001, "ann", 1, "Display"),
                click(1002, "ann", 2),
                purchase(1003, "ann", 3, order="o"),
                purchase(1004, "ann", 3, order="o"),
                rejected(1005, [1001]),
            ]
        )


@pytest.fixture
def admin_key(acme):
    return _key(acme, "admin")


def ask(method, path, key, body=None):
    call = getattr(Client(), method)
    sent = {"data": body, "content_type": "application/json"} if body is not None else {}
    return call(path, headers={"authorization": f"Bearer {key}"}, **sent)


def test_rules_are_read_and_set(acme, acme_key, admin_key, as_tenant):
    assert ask("get", "/api/v1/attribution/rules", acme_key).json()["rules"]["lookback_days"] == 30

    body = {"lookback_days": 7, "views": {"days": 1, "clicks_win": "channel"}}
    answer = ask("put", "/api/v1/attribution/rules", admin_key, body)

    assert answer.status_code == 202
    with as_tenant(acme):
        handlers.handle(read.latest(limit=1))
    found = ask("get", "/api/v1/attribution/rules", acme_key).json()
    assert found["rules"]["views"]["days"] == 1
    assert found["actor"].startswith("key:")


@pytest.mark.parametrize(
    "body",
    [{"lookback_days": 0}, {"lookback_days": "soon"}, {"views": {"clicks_win": "odd"}},
     {"windows": [{"days": 3}]}, [1]],
)  # fmt: skip
def test_rules_that_cannot_be_meant_are_a_problem_document(admin_key, body):
    answer = ask("put", "/api/v1/attribution/rules", admin_key, body)

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_rules"


@pytest.mark.parametrize(
    ("method", "path"),
    [("put", "/api/v1/attribution/rules"), ("post", "/api/v1/attribution/decisions")],
)
def test_a_key_that_reads_changes_nothing(acme_key, method, path):
    assert ask(method, path, acme_key, {"lookback_days": 7}).status_code == 403


@pytest.mark.usefixtures("story")
def test_a_decision_tells_what_it_moved(acme_key):
    listed = ask("get", "/api/v1/attribution/decisions", acme_key).json()["decisions"]
    assert [(each["touches"], each["journeys"]) for each in listed] == [(1, 1)]

    found = ask(
        "get", f"/api/v1/attribution/decisions/{listed[0]['id']}?model=linear", acme_key
    ).json()

    moved = {
        each["label"]: each["value_after"] - each["value_before"] for each in found["channels"]
    }
    assert moved == {"Display": -5.0, "Email": 5.0}
    assert found["money"] == 5.0
    assert found["journeys"][0]["before"] == ["Display", "Email"]
    assert {"dimension": "channel", "label": "Display", "model": "linear", "before": 0.5,
            "after": 0.0}.items() <= next(
        row for row in found["audit"]
        if (row["label"], row["model"], row["dimension"]) == ("Display", "linear", "channel")
    ).items()  # fmt: skip


@pytest.mark.usefixtures("story")
def test_touches_are_restored_by_a_key(acme, admin_key, as_tenant):
    body = {"action": "restore", "touches": [str(uuid.UUID(int=1001))], "reason": "ours"}

    answer = ask("post", "/api/v1/attribution/decisions", admin_key, body)

    assert answer.status_code == 202
    with as_tenant(acme):
        event = read.latest(limit=1)[0]
    assert (event.type, str(event.id)) == ("touch.restored", answer.json()["id"])


@pytest.mark.parametrize(
    "body",
    [{}, {"action": "reject", "reason": "x"}, {"action": "restore", "reason": "x"},
     {"action": "reject", "reason": "x", "touches": ["no-id"]},
     {"action": "reject", "reason": "", "source": "x"}],
)  # fmt: skip
def test_a_decision_that_cannot_be_meant_is_refused(admin_key, body):
    assert ask("post", "/api/v1/attribution/decisions", admin_key, body).status_code == 400


def test_only_a_standing_rejection_is_taken_back(admin_key):
    body = {"action": "restore", "rejection": str(uuid.uuid4()), "reason": "x"}

    assert ask("post", "/api/v1/attribution/decisions", admin_key, body).status_code == 404


@pytest.mark.usefixtures("story")
def test_merged_reports_are_listed(acme_key):
    found = ask("get", "/api/v1/conversions/merged", acme_key).json()["reports"]

    assert [(each["position"], each["rule"]) for each in found] == [(1004, "same order")]


@pytest.mark.usefixtures("story")
def test_a_rival_sees_nothing(rival_key):
    listed = ask("get", "/api/v1/attribution/decisions", rival_key).json()["decisions"]
    one = ask("get", f"/api/v1/attribution/decisions/{uuid.UUID(int=1005)}", rival_key)

    assert listed == []
    assert one.status_code == 404
    assert ask("get", "/api/v1/conversions/merged", rival_key).json()["reports"] == []
