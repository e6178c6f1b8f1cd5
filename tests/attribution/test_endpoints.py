"""The API of attribution: the contract, the parameters, the walls between tenants."""

import pytest
from rest_framework.test import APIRequestFactory

from attribution import handlers
from attribution.endpoints import AttributionView, JourneysView, PersonView
from attribution.endpoints_versus import DifferencesView
from tests.attribution.stories import click, purchase

RANGE = {"from": "2026-09-01", "to": "2026-09-30"}


@pytest.fixture
def story(acme, as_tenant):
    with as_tenant(acme):
        handlers.handle([click(1, "ada", 1), purchase(2, "ada", 2, 5.0), click(3, "bob", 1)])


def get(view, key, query=None, **kwargs):
    request = APIRequestFactory().get("/", query or {}, HTTP_AUTHORIZATION=f"Bearer {key}")
    return view.as_view()(request, **kwargs)


@pytest.mark.usefixtures("story")
def test_credit_follows_the_contract(acme_key):
    answer = get(AttributionView, acme_key, {"model": "markov", "intervals": False, **RANGE})

    assert answer.status_code == 200
    assert answer.data["journeys"] == 2
    assert answer.data["channels"] == [
        {
            "channel": "Email",
            "conversions": 1.0,
            "value": 5.0,
            "cost": 0.0,
            "cpa": None,
            "roas": None,
            "roi": None,
            "new_customers": None,
            "cac": None,
            "share": 1.0,
            "touches": 2,
            "removal_effect": 1.0,
            "conversions_low": None,
            "conversions_high": None,
            "value_low": None,
            "value_high": None,
            "roas_low": None,
            "roas_high": None,
            "cpa_low": None,
            "cpa_high": None,
            "roi_low": None,
            "roi_high": None,
            "new_customers_low": None,
            "new_customers_high": None,
            "cac_low": None,
            "cac_high": None,
            "standing": None,
            "confidence": None,
        }
    ]
    assert set(answer.data["log"]) == {"xid", "position", "checkpoint"}


@pytest.mark.usefixtures("story")
def test_new_customers_come_when_asked_for(acme_key):
    query = {"model": "markov", "new_customers": True, **RANGE}
    answer = get(AttributionView, acme_key, query).data

    (row,) = answer["channels"]
    assert row["new_customers"] == answer["totals"]["new_customers"] == 1.0
    assert row["new_customers_low"] < 1.0 < row["new_customers_high"]
    assert answer["totals"]["cac"] is None


@pytest.mark.usefixtures("story")
def test_credit_comes_with_its_intervals(acme_key):
    (row,) = get(AttributionView, acme_key, {"model": "markov", **RANGE}).data["channels"]

    assert row["conversions_low"] < row["conversions"] < row["conversions_high"]
    assert row["value_low"] < row["value"] < row["value_high"]
    assert row["standing"] in ("undecided", "unseen")


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(
    "query",
    [
        {"model": "magic"},
        {"order": "7"},
        {"from": "yesterday"},
        {"by": "colour"},
        {"from": "2026-09-30", "to": "2026-09-01"},
        {"segment": "fridge"},
    ],
)
def test_what_it_cannot_use_is_a_problem(acme_key, query):
    answer = get(AttributionView, acme_key, query)

    assert answer.status_code == 400
    assert answer.data["code"] in {"invalid_parameters", "invalid_range", "invalid_input"}


@pytest.mark.usefixtures("story")
def test_journeys_are_listed_and_opened(acme_key):
    page = get(JourneysView, acme_key, {"converted": "true"})
    detail = get(PersonView, acme_key, subject="ada")

    assert [each["path"] for each in page.data["journeys"]] == [["Email"]]
    assert detail.data["journeys"][0]["touches"][0]["credit"]["first"] == 1.0


@pytest.mark.usefixtures("story")
def test_an_invented_cursor_is_a_problem(acme_key):
    assert get(JourneysView, acme_key, {"cursor": "zzz"}).data["code"] == "invalid_cursor"


@pytest.mark.usefixtures("story")
def test_a_rival_sees_nothing(rival_key):
    assert get(JourneysView, rival_key).data["journeys"] == []
    assert get(PersonView, rival_key, subject="ada").status_code == 404
    assert get(AttributionView, rival_key, RANGE).data["channels"] == []


def test_a_key_is_needed(db):
    assert get(AttributionView, "nonsense").status_code == 401


@pytest.mark.usefixtures("story")
def test_differences_are_given_with_their_bounds(acme, acme_key, as_tenant):
    with as_tenant(acme):
        handlers.handle([click(9, "cyd", 1, "Display"), purchase(10, "cyd", 2, 5.0)])

    found = get(DifferencesView, acme_key, {"baseline": "Email", "model": "linear", **RANGE}).data
    (row,) = found["channels"]
    assert (found["amount"], row["channel"], row["point"]) == (1.0, "Display", 0.0)
    assert row["low"] < 0 < row["high"]
    assert row["decided"] is False
    unknown = get(DifferencesView, acme_key, {"baseline": "Nobody", **RANGE})
    assert (unknown.status_code, unknown.data["code"]) == (400, "no_such_baseline")
    assert get(DifferencesView, acme_key, RANGE).data["code"] == "invalid_parameters"


@pytest.mark.usefixtures("story")
def test_a_rival_has_no_channel_to_compare_with(rival_key):
    answer = get(DifferencesView, rival_key, {"baseline": "Email", **RANGE})

    assert answer.data["code"] == "no_such_baseline"
