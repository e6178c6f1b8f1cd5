"""Spend and exchange rates by the API: row by row, restated, retried, and behind walls."""

import json

import pytest
from rest_framework.test import APIRequestFactory

from attribution import handlers
from attribution.endpoints import AttributionView
from attribution.endpoints_money import OneRateView, RatesView, SpendView
from attribution.projection import sums
from eventlog import read
from kernel import clock
from tenants import keys
from tenants.contracts import Scope
from tests.attribution.stories import click, purchase, rate, spend

ROW = {"day": "2026-09-02", "channel": "Email", "campaign": "summer", "cost": 12.5}


@pytest.fixture
def admin_key(acme):
    return keys.issue(
        tenant=acme, name="a", scopes=(Scope.ADMIN,), created_by="", now=clock.now()
    ).text


def call(view, key, method, body=None, *, idempotency="", **kwargs):
    headers = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    if idempotency:
        headers["HTTP_IDEMPOTENCY_KEY"] = idempotency
    data = {} if body is None else {"data": body if isinstance(body, str) else json.dumps(body)}
    request = APIRequestFactory().generic(
        method.upper(), "/", content_type="application/json", **data, **headers
    )
    return view.as_view()(request, **kwargs)


def logged(acme, as_tenant):
    with as_tenant(acme):
        return read.latest(limit=50)


def test_rows_of_spend_become_events(acme, acme_key, as_tenant):
    rows = [ROW, ROW | {"day": "2026-09-03", "currency": "usd"}]
    answer = call(SpendView, acme_key, "post", {"rows": rows})

    assert answer.data == {"accepted": 2, "duplicates": 0, "rejected": []}
    bodies = [json.loads(each.payload) for each in logged(acme, as_tenant)]
    assert {body["day"] for body in bodies} == {"2026-09-02", "2026-09-03"}
    assert all(body["cost"] == 12.5 and body["campaign"] == "summer" for body in bodies)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"cost": -1}, "wrong_type"),
        ({"cost": "much"}, "wrong_type"),
        ({"day": "yesterday"}, "wrong_type"),
        ({"channel": ""}, "wrong_type"),
        ({"currency": "dollars"}, "wrong_type"),
        ({"colour": "red"}, "wrong_type"),
        ({"day": "2999-01-01"}, "in_future"),
    ],
)
def test_a_bad_row_is_a_problem_and_costs_no_good_one(acme_key, change, code):
    answer = call(SpendView, acme_key, "post", {"rows": [ROW | change, ROW]})

    assert answer.data["accepted"] == 1
    (found,) = answer.data["rejected"]
    assert (found["index"], found["code"], found["status"]) == (0, code, 400)
    assert found["type"] == f"urn:touchstone:problem:{code}"


@pytest.mark.parametrize(
    ("body", "code"),
    [("{", "malformed_json"), ("[]", "wrong_type"), ("{}", "missing_field"),
     (json.dumps({"rows": [ROW] * 1001}), "too_many_events")],
)  # fmt: skip
def test_a_body_that_holds_no_rows_is_a_problem(acme_key, body, code):
    answer = call(SpendView, acme_key, "post", body)

    assert answer.data["code"] == code
    assert answer.status_code in (400, 413)


def test_a_retry_under_the_same_key_adds_nothing(acme, acme_key, as_tenant):
    first = call(SpendView, acme_key, "post", {"rows": [ROW]}, idempotency="monday")
    again = call(SpendView, acme_key, "post", {"rows": [ROW]}, idempotency="monday")
    other = call(SpendView, acme_key, "post", {"rows": [ROW | {"cost": 9}]}, idempotency="monday")

    assert [each.data["accepted"] for each in (first, again, other)] == [1, 0, 1]
    assert again.data["duplicates"] == 1
    assert len(logged(acme, as_tenant)) == 2


def test_a_restatement_replaces_and_may_return_to_what_it_was(acme, acme_key, as_tenant):
    for cost in (10, 12, 10):
        call(SpendView, acme_key, "post", {"rows": [ROW | {"cost": cost}]})
    with as_tenant(acme):
        handlers.handle(list(reversed(read.latest(limit=50))))
        assert sums.rows("SELECT cost FROM attribution_spend", []) == [(10_000_000,)]


def test_rates_are_set_listed_and_withdrawn(acme, admin_key, as_tenant):
    rows = [
        {"day": "2026-09-01", "currency": "usd", "rate": "0.8637"},
        {"day": "2026-09-05", "currency": "USD", "rate": 0.87, "base": "EUR"},
    ]
    assert call(RatesView, admin_key, "post", {"rows": rows}).data["accepted"] == 2
    with as_tenant(acme):
        handlers.handle(list(reversed(read.latest(limit=50))))

    listed = call(RatesView, admin_key, "get").data["rates"]
    assert [(each["day"], each["rate"], each["until"]) for each in listed] == [
        ("2026-09-05", "0.87", None),
        ("2026-09-01", "0.8637", "2026-09-04"),
    ]
    gone = call(OneRateView, admin_key, "delete", currency="usd", day="2026-09-05")
    assert gone.status_code == 204
    with as_tenant(acme):
        handlers.handle(read.latest(limit=1))
    assert len(call(RatesView, admin_key, "get").data["rates"]) == 1
    again = call(OneRateView, admin_key, "delete", currency="usd", day="2026-09-05")
    assert again.data["code"] == "not_found"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rate": "0"}, "invalid_rate"),
        ({"rate": "a lot"}, "invalid_rate"),
        ({"currency": "EUR"}, "unusable_rate"),
        ({"base": "GBP"}, "unusable_rate"),
        ({"day": "2999-01-01"}, "unusable_rate"),
        ({"currency": "dollars"}, "wrong_type"),
    ],
)
def test_a_rate_that_can_not_be_used_is_a_problem(admin_key, change, code):
    row = {"day": "2026-09-01", "currency": "USD", "rate": "0.9"} | change
    answer = call(RatesView, admin_key, "post", {"rows": [row]})

    assert answer.data["accepted"] == 0
    assert [each["code"] for each in answer.data["rejected"]] == [code]


def test_rates_page_by_cursor(acme, acme_key, as_tenant):
    with as_tenant(acme):
        handlers.handle([rate(n, n, word, "2") for n in (1, 2) for word in ("GBP", "USD")])
    seen, cursor = [], ""
    for _ in range(4):
        request = APIRequestFactory().get(
            "/", {"limit": 1, **({"cursor": cursor} if cursor else {})},
            HTTP_AUTHORIZATION=f"Bearer {acme_key}",
        )  # fmt: skip
        page = RatesView.as_view()(request).data
        seen += [(each["day"], each["currency"]) for each in page["rates"]]
        cursor = page["next_cursor"]
    assert cursor is None
    assert seen == [
        ("2026-09-03", "USD"), ("2026-09-03", "GBP"), ("2026-09-02", "USD"), ("2026-09-02", "GBP")
    ]  # fmt: skip


def test_a_report_names_what_waits_for_a_rate(acme, acme_key, as_tenant):
    with as_tenant(acme):
        handlers.handle(
            [
                click(1, "ada", 1),
                purchase(2, "ada", 2, 5.0, currency="USD"),
                spend(3, 3, "Email", 4.0, currency="USD"),
            ]
        )
    request = APIRequestFactory().get(
        "/", {"from": "2026-09-01", "to": "2026-09-30"}, HTTP_AUTHORIZATION=f"Bearer {acme_key}"
    )
    answer = AttributionView.as_view()(request).data

    assert (answer["conversions"], answer["value"]) == (1.0, 0.0)
    assert answer["aside"] == [
        {"currency": "USD", "first": "2026-09-03", "last": "2026-09-04", "days": 2,
         "conversions": 1, "amount": 5.0, "cost": 4.0}
    ]  # fmt: skip


def test_a_rival_sees_no_rate(acme, rival_key, as_tenant):
    with as_tenant(acme):
        handlers.handle([rate(1, 1, "USD", "2")])

    assert call(RatesView, rival_key, "get").data["rates"] == []
