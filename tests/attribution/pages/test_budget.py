"""The budget page and its API: curves, sliders as a plain form, suggestions, honest silence."""

import csv

import numpy as np
import pytest
from rest_framework.test import APIRequestFactory

from attribution import handlers
from attribution.endpoints_money import BudgetView
from attribution.models import Name
from tests.attribution.stories import click, purchase, spend

DAYS = "range=custom&start=2026-09-01&end=2026-10-20&model=linear"
SPAN = {"from": "2026-09-01", "to": "2026-10-20", "model": "linear"}
LENGTH = 50


@pytest.fixture
def story(acme, as_tenant):
    """Fifty days: search and display with varied spend, e-mail whose spend never varied."""
    rng, events = np.random.default_rng(3), []
    for day in range(LENGTH):
        cost = {"Search": rng.gamma(4, 25), "Display": rng.gamma(2, 50), "Email": 20.0}
        sold = {
            "Search": rng.poisson(9 * cost["Search"] / (cost["Search"] + 100)),
            "Display": rng.poisson(2 * cost["Display"] / (cost["Display"] + 50)),
            "Email": 1,
        }
        for channel, count in sold.items():
            events.append(spend(len(events) + 1, day, channel, round(cost[channel], 2)))
            for number in range(count):
                who = f"{channel}-{day}-{number}"
                events.append(click(len(events) + 1, who, day + 0.2, channel))
                events.append(purchase(len(events) + 1, who, day + 0.3, 40.0))
    with as_tenant(acme):
        handlers.handle(events)
        return dict(Name.objects.filter(dimension=0).values_list("label", "pk"))


def page(client, query=""):
    answer = client.get(f"/budget/?{DAYS}{query}")
    assert answer.status_code == 200
    return answer


def api(key, **query):
    request = APIRequestFactory().get("/", SPAN | query, HTTP_AUTHORIZATION=f"Bearer {key}")
    return BudgetView.as_view()(request)


def test_it_shows_a_slider_for_each_channel_that_can_tell(acme_owner_client, story):
    shown = page(acme_owner_client).content.decode()

    assert f'id="b-{story["Search"]}"' in shown
    assert f'id="b-{story["Display"]}"' in shown
    assert f'id="b-{story["Email"]}"' not in shown
    assert "Its spend hardly ever varied" in shown
    assert "no proof of cause" in shown


def test_the_form_alone_moves_the_plan(acme_owner_client, story):
    found = page(acme_owner_client, f"&b-{story['Search']}=200").context["outcome"]

    line = next(line for line in found.lines if line.label == "Search")
    assert line.spend == 200
    assert found.total > found.today
    assert found.change.point > 0
    assert found.change.low <= found.change.point <= found.change.high


def test_a_fixed_total_stays(acme_owner_client, story):
    found = page(acme_owner_client, f"&fixed=1&b-{story['Search']}=500").context["outcome"]

    assert found.total == pytest.approx(found.today)
    assert next(line for line in found.lines if line.label == "Display").spend < 60


@pytest.mark.parametrize("goal", ["conversions", "value"])
@pytest.mark.usefixtures("story")
def test_the_suggestion_costs_what_today_does_and_is_no_worse(acme_owner_client, goal):
    answer = page(acme_owner_client, f"&plan=best&goal={goal}")
    found = answer.context["outcome"]

    assert found.total == pytest.approx(found.today)
    assert found.change.point >= 0
    assert "This is the suggestion" in answer.content.decode()


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("query", ["&b-1=-5", "&b-1=much", "&b-1=nan", "&b-1=1e99"])
def test_what_is_no_budget_is_said(acme_owner_client, query):
    assert acme_owner_client.get(f"/budget/?{DAYS}{query}").status_code == 400


def test_an_unknown_channel_changes_nothing(acme_owner_client, story):
    found = page(acme_owner_client, f"&b-999999=5&b-{story['Email']}=7").context["outcome"]

    assert found.total == found.today


@pytest.mark.usefixtures("story")
def test_the_plan_downloads_with_its_intervals_and_its_silences(acme_owner_client):
    text = page(acme_owner_client, "&format=csv").content.decode()
    rows = {row["channel"]: row for row in csv.DictReader(text.splitlines())}

    assert float(rows["Search"]["conversions_low"]) < float(rows["Search"]["conversions"])
    assert rows["Email"]["cannot_tell"].startswith("Its spend hardly ever varied")


def test_without_cost_there_is_a_way_to_import_it(acme, acme_owner_client, as_tenant):
    with as_tenant(acme):
        handlers.handle([click(1, "ada", 1), purchase(2, "ada", 2)])

    assert "Import spend" in page(acme_owner_client).content.decode()


@pytest.mark.usefixtures("story")
def test_the_api_says_the_same(acme_owner_client, acme_key):
    shown = page(acme_owner_client, "&plan=best").context["outcome"]
    answer = api(acme_key, plan="best").data

    assert answer["change"]["point"] == pytest.approx(shown.change.point)
    assert {each["channel"] for each in answer["channels"]} == {"Search", "Display"}
    assert [each["channel"] for each in answer["untold"]] == ["Email"]
    one = answer["channels"][0]
    expected = one["top"] * one["spend"] / (one["spend"] + one["half"])
    assert one["conversions"]["point"] == pytest.approx(expected)


@pytest.mark.usefixtures("story")
def test_the_api_takes_a_plan(acme_key):
    answer = api(acme_key, budget="Search:200", total="300").data

    assert answer["total"] == pytest.approx(300)
    assert api(acme_key, budget="Search").data["code"] == "invalid_input"
    assert api(acme_key, plan="magic").data["code"] == "invalid_parameters"


@pytest.mark.usefixtures("story")
def test_a_rival_sees_no_curve(rival_key, rival_owner_client):
    assert not api(rival_key).data["channels"]
    assert "Import spend" in page(rival_owner_client).content.decode()
