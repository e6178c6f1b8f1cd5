"""The alerts' API: read with a key that reads, act with one that may do everything."""

import pytest

from alerts import raising
from tests.alerts.conftest import NOW, raised

pytestmark = pytest.mark.usefixtures("quiet_worker")


@pytest.fixture
def number(acme, as_tenant):
    with as_tenant(acme):
        raising.raise_alert(raised("older"), now=NOW)
        return raising.raise_alert(raised(), now=NOW)


def test_it_pages_through_alerts_newest_first(client, acme_key, number):
    header = {"authorization": f"Bearer {acme_key}"}
    first = client.get("/api/v1/alerts?limit=1", headers=header).json()
    assert [each["id"] for each in first["alerts"]] == [number]
    assert first["alerts"][0]["facts"][1] == {"label": "Spent", "value": "412.50 EUR"}
    rest = client.get(f"/api/v1/alerts?cursor={first['next_cursor']}", headers=header).json()
    assert [each["key"] for each in rest["alerts"]] == ["older"]
    assert rest["next_cursor"] is None


def test_one_alert_is_read(client, acme_key, number):
    header = {"authorization": f"Bearer {acme_key}"}
    found = client.get(f"/api/v1/alerts/{number}", headers=header).json()
    assert (found["title"], found["state"]) == ("network-1 hijacks installs", "open")


def test_acting_needs_a_key_that_may(client, acme_key, admin_key, number):
    path, body = f"/api/v1/alerts/{number}", {"act": "snooze", "minutes": 30}
    said = {"data": body, "content_type": "application/json"}
    reads = client.post(path, **said, headers={"authorization": f"Bearer {acme_key}"})
    assert reads.status_code == 403
    done = client.post(path, **said, headers={"authorization": f"Bearer {admin_key}"})
    assert (done.status_code, done.json()["state"]) == (200, "snoozed")
    assert done.json()["by"].startswith("key:")


@pytest.mark.parametrize("body", [{}, {"act": "erase"}, {"act": "snooze", "minutes": 0}, []])
def test_what_can_not_be_meant_is_refused(client, admin_key, number, body):
    answer = client.post(
        f"/api/v1/alerts/{number}", data=body, content_type="application/json",
        headers={"authorization": f"Bearer {admin_key}"},
    )  # fmt: skip
    assert answer.status_code == 400


@pytest.mark.parametrize("query", ["state=odd", "severity=odd", "cursor=odd", "limit=0"])
def test_odd_filters_are_refused(client, acme_key, query):
    answer = client.get(f"/api/v1/alerts?{query}", headers={"authorization": f"Bearer {acme_key}"})
    assert answer.status_code == 400


def test_a_rival_finds_none(client, rival_key, number):
    header = {"authorization": f"Bearer {rival_key}"}
    assert client.get("/api/v1/alerts", headers=header).json()["alerts"] == []
    assert client.get(f"/api/v1/alerts/{number}", headers=header).status_code == 404
