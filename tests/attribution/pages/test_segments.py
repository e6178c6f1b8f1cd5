"""The split screen and the profiles' page: figures, downloads, empty states, who is turned away."""

import csv
from datetime import UTC, datetime

import pytest

from attribution import handlers, queries_profiles
from attribution.behaviour import projection
from attribution.profiles import refit
from attribution.store.words import NO_PROFILE
from tests.attribution.profiles.test_refit import story
from tests.attribution.stories import click, purchase, spend

NOW = datetime(2026, 12, 1, tzinfo=UTC)
PAGES = ["/segments/", "/segments/profiles/"]
TABLES = ["/segments/", "/segments/profiles/", "/segments/profiles/?table=effects"]


@pytest.fixture
def shop(acme, as_tenant):
    """People of three kinds, one of a day; e-mail and affiliates cost something."""
    events = story()
    last = len(events)
    events += [
        click(last + 1, "once", 3, "Email"),
        purchase(last + 2, "once", 4, 9.0),
        spend(last + 3, 30, "Email", 300.0),
        spend(last + 4, 30, "Affiliates", 200.0),
    ]
    with as_tenant(acme):
        handlers.handle(events)
        projection.handle(events)
        refit.refit(now=NOW)
    return acme


def rows(answer):
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(answer.content.decode().splitlines()))


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("path", PAGES)
def test_a_page_shows_the_profiles_by_name(acme_owner_client, path):
    answer = acme_owner_client.get(path)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Deal Hunter" in page
    assert "style=" not in page
    assert "/api/v1/segments" in page


@pytest.mark.usefixtures("shop")
def test_the_split_screen_shares_out_the_same_budget_twice(acme_owner_client):
    page = acme_owner_client.get("/segments/").content.decode()
    assert "One size fits all" in page
    assert "Each profile its own" in page
    lines = rows(acme_owner_client.get("/segments/?format=csv"))
    assert {line["channel"] for line in lines} == {"Email", "Affiliates"}
    assert sum(float(line["one_for_all"]) for line in lines) == pytest.approx(500)
    names = [name for name in lines[0] if f"one_for_all: {name}" in lines[0]]
    assert NO_PROFILE in names
    assert sum(float(line[name]) for line in lines for name in names) == pytest.approx(500)


@pytest.mark.usefixtures("shop")
def test_every_table_downloads(acme_owner_client):
    people = rows(acme_owner_client.get("/segments/profiles/?format=csv"))
    assert sum(int(row["people"]) for row in people) == 240
    assert {"engagement", "price sensitivity", "velocity"} <= set(people[0])
    effects = rows(acme_owner_client.get("/segments/profiles/?format=csv&table=effects"))
    assert {row["profile"] for row in effects} >= {"Everybody", "Deal Hunter", NO_PROFILE}


@pytest.mark.usefixtures("shop")
def test_the_api_gives_the_same(client, acme_key):
    found = client.get("/api/v1/segments", headers={"Authorization": f"Bearer {acme_key}"}).json()
    assert found["known"] == 240
    assert found["people"] == 241
    assert {each["name"] for each in found["profiles"]} >= {"Deal Hunter", "Loyalist"}
    assert found["everybody"]["conversions"] == pytest.approx(
        sum(each["conversions"] for each in found["groups"])
    )
    assert found["budgets"]["total"] == pytest.approx(500)
    effect = found["groups"][0]["effects"][0]
    assert set(effect) >= {"multiplier", "multiplier_low", "roas", "roi", "decided"}


@pytest.mark.parametrize("path", PAGES)
def test_a_new_tenant_is_told_where_profiles_come_from(acme_owner_client, path):
    answer = acme_owner_client.get(path)
    assert answer.status_code == 200
    assert b'class="empty"' in answer.content
    assert rows(acme_owner_client.get(f"{path}?format=csv")) == []


def test_a_tenant_with_few_people_is_told_how_many_it_takes(acme, as_tenant, acme_owner_client):
    events = story(9)
    with as_tenant(acme):
        handlers.handle(events)
        projection.handle(events)
        refit.refit(now=NOW)
    page = acme_owner_client.get("/segments/").content.decode()
    assert "Profiles need 200 people" in page
    assert "there are 9 so far" in page


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("path", PAGES)
def test_a_rival_sees_nothing_of_it(rival_owner_client, rival, as_tenant, path):
    page = rival_owner_client.get(path).content.decode()
    assert "Deal Hunter" not in page
    with as_tenant(rival):
        assert queries_profiles.profiles().profiles == ()


def test_it_needs_as_many_people_as_the_fit(acme, as_tenant):
    from attribution.profiles.fit import FEWEST

    assert queries_profiles.NEEDED == FEWEST
