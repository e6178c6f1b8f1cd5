"""The forecasts' API: stored ones at once, others by a job, nobody else's at all."""

import pytest
from django.db import connection
from django.test import Client

from regulator.forecasts import jobs, own, tasks
from regulator.forecasts.ahead import TooFewMonths
from tests.regulator.forecasts.filed import file, make
from tests.regulator.forecasts.markets import QUICK

SERIES = [
    {"month": f"{2023 + each // 12}-{each % 12 + 1:02d}", "ggr": 1_000.0 + 10 * (each % 12)}
    for each in range(36)
]


@pytest.fixture
def call(authority, committed_key, monkeypatch):
    """Ask with a key of the authority; the answer. What the worker was asked for is noted."""

    def ask(path, body=None):
        key = {"authorization": f"Bearer {committed_key}"}
        client = Client(headers=key)
        answer = (
            client.get(f"/api/v1/{path}")
            if body is None
            else client.post(f"/api/v1/{path}", body, content_type="application/json")
        )
        connection.set_tenant(authority)
        return answer

    ask.woken = []
    for task in (tasks.make, tasks.forecast_series):
        monkeypatch.setattr(task, "apply_async", lambda **how: ask.woken.append(how["kwargs"]))
    return ask


def test_what_is_stored_is_answered_at_once(call, authority):
    file(lucky=1.0, other=3.0)
    market, lucky, _ = make()

    whole = call("forecast/ggr", {})
    of_lucky = call("forecast/ggr", {"operator": "lucky", "horizon": 3}).json()
    listed = call("regulator/forecasts").json()["forecasts"]

    assert whole.status_code == 200
    assert whole.json()["total"]["point"] == market.total.point
    assert [each["point"] for each in of_lucky["months"]] == [
        each.point for each in lucky.months[:3]
    ]
    assert of_lucky["tax"]["point"] == lucky.tax.point
    assert set(of_lucky["errors"]) == set(lucky.errors)
    assert [each["operator"] for each in listed] == ["", "other", "lucky"]
    assert call("regulator/forecasts?operator=lucky").json()["forecasts"] == [listed[2]]


def test_what_is_not_stored_is_made(call, authority):
    early = call("forecast/ggr", {})
    assert (early.status_code, early.json()["code"]) == (400, "too_few_months")
    file(months=30, lucky=1.0)

    answer = call("forecast/ggr", {})

    assert (answer.status_code, answer.json()["status"]) == (202, "waiting")
    assert call.woken == [{"schema": authority.schema_name, "actor": "", "countries": None}]
    assert call("regulator/forecasts").json() == {"forecasts": []}


def test_a_series_of_the_callers_is_forecast_by_a_job(call, authority):
    answer = call("forecast/ggr", {"series": SERIES, "horizon": 18})
    assert answer.status_code == 202
    (asked,) = call.woken
    place = answer.headers["Location"].removeprefix("/api/v1/")
    assert call(place).json()["status"] == "waiting"

    jobs.done(asked["job"], own.forecast(jobs.asked(asked["job"]), without=QUICK))

    told = call(place).json()
    assert told["status"] == "done"
    assert len(told["answer"]["months"]) == 18
    assert told["answer"]["months"][0]["month"] == "2026-01-01"
    assert told["answer"]["errors"]
    assert 10_000 < sum(each["point"] for each in told["answer"]["months"][:12]) < 15_000


def test_a_job_that_failed_says_why(call, authority):
    call("forecast/ggr", {"series": SERIES[:20]})
    job = call.woken[0]["job"]
    with pytest.raises(TooFewMonths) as raised:
        own.forecast(jobs.asked(job))
    jobs.failed(job, raised.value.detail)

    assert "24 months; these are 20" in call(f"forecast/ggr/{job}").json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {"horizon": 0},
        {"horizon": 13},
        {"series": []},
        {"series": [{"month": "soon", "ggr": 1}]},
        {"series": [{"month": "1969-12", "ggr": 1}, *SERIES]},
        {"series": [{"month": "1970-01", "ggr": 1}, *SERIES]},
        {"series": [{**SERIES[0], "ggr": "nan"}, *SERIES[1:]]},
        {"series": [{**SERIES[0], "ggr": 1e300}, *SERIES[1:]]},
    ],
)
def test_what_cant_be_forecast_is_a_problem(call, body):
    answer = call("forecast/ggr", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_forecast")


def test_a_job_that_nobody_began_is_not_there(call):
    assert call("forecast/ggr/00000000-0000-0000-0000-000000000001").status_code == 404


@pytest.mark.parametrize(
    "path", ["regulator/forecasts", "forecast/ggr/00000000-0000-0000-0000-000000000001"]
)
def test_an_advertiser_has_no_forecasts(acme_key, path):
    answer = Client(headers={"authorization": f"Bearer {acme_key}"}).get(f"/api/v1/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_regulator")
