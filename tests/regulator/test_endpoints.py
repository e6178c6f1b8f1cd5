"""The authority's API: what it reads, and that nobody else does."""

from datetime import timedelta

import pytest
from django.test import Client

from kernel import clock
from tests.regulator.told import REGISTERED, project, stake

PATHS = ("operators", "metrics?operator=lucky", "findings")


@pytest.fixture
def get(authority, committed_key):
    """Read with a key of the authority; the answer."""
    from django.db import connection

    def read(path):
        answer = Client().get(
            f"/api/v1/regulator/{path}", headers={"authorization": f"Bearer {committed_key}"}
        )
        connection.set_tenant(authority)
        return answer

    return read


def test_operators_come_with_their_feed_and_figures(get, lucky):
    now = clock.now()
    lucky(stake(1, at=now - timedelta(minutes=9), amount=700),
          stake(3, at=now - timedelta(minutes=8), type="payout", amount=300))  # fmt: skip
    project()

    found = {each["operator"]: each for each in get("operators").json()["operators"]}

    assert set(found) == {"lucky", "other"}
    feed, figures = found["lucky"]["feed"], found["lucky"]["figures"]
    assert (feed["missing"], feed["highest"], feed["completeness"]) == (1, 3, 1 - 1 / 3)
    assert (figures["stakes"], figures["ggr"], figures["payout_ratio"]) == (700, 400, 300 / 700)
    assert found["other"]["feed"]["heard_at"] is None
    (finding,) = get("findings").json()["findings"]
    assert (finding["code"], finding["severity"]) == ("records_missing", "critical")


def test_metrics_are_by_hour_or_day_and_by_game(get, lucky):
    day = REGISTERED.date()
    lucky(
        stake(1, at=REGISTERED + timedelta(hours=1)),
        stake(2, at=REGISTERED + timedelta(hours=2), game_type="table"),
        stake(3, at=REGISTERED + timedelta(hours=2, minutes=5), game_type="table"),
    )
    project()
    days = f"operator=lucky&from={day}&to={day}"

    by_day = get(f"metrics?{days}").json()["metrics"]
    by_hour = get(f"metrics?{days}&span=hour&by_game=true").json()["metrics"]

    assert [(each["game_type"], each["stakes"], each["players"]) for each in by_day] == [
        ("", 1_500, 1)
    ]
    assert [(each["game_type"], each["events"]) for each in by_hour] == [("slots", 1), ("table", 2)]


def test_what_cant_be_answered_is_a_problem(get):
    assert get("metrics?operator=nobody").status_code == 404
    assert get("findings?operator=nobody").status_code == 404
    assert get("metrics").json()["code"] == "invalid_parameters"
    long = get("metrics?operator=lucky&span=hour&from=2025-01-01&to=2026-01-01")
    assert (long.status_code, long.json()["code"]) == (400, "range_too_long")


@pytest.mark.parametrize("path", PATHS)
def test_an_advertiser_has_none_of_it(acme_key, path):
    answer = Client().get(
        f"/api/v1/regulator/{path}", headers={"authorization": f"Bearer {acme_key}"}
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "no_regulator")
