"""Who sends too much is told so with 429, a code and Retry-After; nothing of it is taken."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from eventlog import read
from ingest import quota
from kernel import clock
from tenants import commands, usage
from tenants.contracts import Role
from tenants.models import UsageDay
from tenants.quotas.exchange import SharedGate

EVENT = {"type": "custom.tracked", "name": "x", "anonymous_id": "x"}


@pytest.fixture
def meter(monkeypatch):
    """A meter that has seen nothing, and for which no time passes."""
    made = SharedGate(moment=lambda: 0.0)
    monkeypatch.setattr(quota, "_registered", [made])
    return made


def send(key, events=1, path="/api/v1/events"):
    body = {"events": [EVENT] * events} if "api" in path else {**EVENT, "type": "track",
            "event": "x", "anonymousId": "x"}  # fmt: skip
    return Client().post(
        path, body, content_type="application/json", headers={"authorization": f"Bearer {key}"}
    )


def read_usage(key):
    return Client().get("/api/v1/usage", headers={"authorization": f"Bearer {key}"})


@pytest.mark.parametrize("path", ["/api/v1/events", "/v1/track"])
def test_too_many_requests_are_turned_away(acme, acme_key, rival_key, meter, path):
    usage.change_plan(tenant=acme, plan="free", now=clock.now())
    answers = [send(acme_key, path=path) for _ in range(70)]

    refused = [each for each in answers if each.status_code == 429]
    assert {each.status_code for each in answers[:50]} == {200}
    assert refused
    assert refused[0].json()["code"] == "too_many_requests"
    assert refused[0]["Retry-After"] == str(refused[0].json()["retry_after"]) == "1"
    assert refused[0]["Content-Type"] == "application/problem+json"
    assert send(rival_key, path=path).status_code == 200  # its own bucket


def test_reading_counts_as_requests_too(acme, acme_key, meter):
    usage.change_plan(tenant=acme, plan="free", now=clock.now())
    answers = [read_usage(acme_key) for _ in range(70)]

    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "1"


def test_a_used_up_month_takes_no_event_but_can_be_read(acme, acme_key, meter, as_tenant):
    usage.change_plan(tenant=acme, plan="free", now=clock.now())
    send(acme_key)
    now = clock.now()
    meter.ledger.count("t_acme", day=now.date(), month=f"{now:%Y-%m}", counts={"web.page": 110_000})

    answer = send(acme_key)

    assert (answer.status_code, answer.json()["code"]) == (429, "quota_exceeded")
    assert 0 < int(answer["Retry-After"]) <= 31 * 86_400
    with as_tenant(acme):
        stored = [each.type for each in read.latest(limit=9)]
    assert stored.count("custom.tracked") == 1
    assert read_usage(acme_key).status_code == 200


def test_what_came_of_a_batch_is_counted(acme, acme_key, meter):
    events = [{**EVENT, "id": "a"}, {**EVENT, "id": "a"}, EVENT, {"type": "nonsense"}]
    Client().post(
        "/api/v1/events",
        {"events": events},
        content_type="application/json",
        headers={"authorization": f"Bearer {acme_key}"},
    )

    counted = {name: number for (_, _, name), number in meter.ledger.pending.items()}
    assert counted == {"custom.tracked": 2, ":duplicates": 1, ":rejected": 1, ":requests": 1}


def test_the_thread_brings_counts_to_the_rows(acme, acme_key, meter, settings):
    from tenants.quotas import store

    settings.QUOTA_EXCHANGE_SECONDS = 0.01
    send(acme_key)
    for _ in range(200):
        if not meter.ledger.pending:
            break
        meter._thread.join(0.01)
    settings.QUOTA_EXCHANGE_SECONDS = 3600

    with store.client() as client:
        usage.keep(client=client, now=clock.now())
    assert UsageDay.objects.get(tenant=acme, name="custom.tracked").amount == 1


def test_all_seats_may_be_taken(acme, acme_owner):
    usage.change_plan(tenant=acme, plan="free", now=clock.now())
    act = {"tenant": acme, "actor": acme_owner, "role": Role.ANALYST, "email": ""}
    for _ in range(2):
        commands.invite(**act, now=clock.now())

    with pytest.raises(commands.SeatsTaken):
        commands.invite(**act, now=clock.now())


NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def used(acme, rival):
    """Ten days of acme's, and one of rival's."""
    for back in range(10):
        day = NOW.date() - timedelta(days=back)
        UsageDay.objects.create(tenant=acme, day=day, name="web.page", amount=300)
        UsageDay.objects.create(tenant=acme, day=day, name="custom.tracked", amount=100)
        UsageDay.objects.create(tenant=acme, day=day, name=":throttled", amount=1)
    UsageDay.objects.create(tenant=rival, day=NOW.date(), name="web.page", amount=77)


def test_usage_adds_up(acme, rival, used):
    found = usage.of(acme, now=NOW)

    assert (found.used, found.throttled, found.forecast) == (4_000, 10, 3_600 + 400 * 11)
    assert [(each.type, each.share) for each in found.types] == [
        ("web.page", 0.75), ("custom.tracked", 0.25)
    ]  # fmt: skip
    assert [day.events for day in found.days] == [400] * 10
    assert usage.of(rival, now=NOW).used == 77


def test_the_api_says_the_same_as_the_page(acme, acme_key, rival_key, acme_owner_client, used):
    answer = read_usage(acme_key).json()
    page = acme_owner_client.get("/settings/usage/")

    assert answer["plan"]["name"] == "enterprise"
    assert page.status_code == 200
    assert b"What happens at the limits" in page.content
    assert read_usage(rival_key).json()["used"] <= 77


@pytest.mark.parametrize(
    ("amount", "said"),
    [(85_000, b"are used"), (105_000, b"are used up"), (120_000, b"turned away since")],
)
def test_the_page_warns(acme, acme_owner_client, amount, said):
    usage.change_plan(tenant=acme, plan="free", now=clock.now())
    UsageDay.objects.create(tenant=acme, day=clock.now().date(), name="web.page", amount=amount)
    assert said in acme_owner_client.get("/settings/usage/").content


def test_the_page_has_an_empty_state_and_a_csv(acme_owner_client):
    assert b"Nothing was sent this month" in acme_owner_client.get("/settings/usage/").content
    assert len(acme_owner_client.get("/settings/usage/?format=csv").content.splitlines()) == 2
