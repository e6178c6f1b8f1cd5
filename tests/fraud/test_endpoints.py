"""GET /api/v1/fraud/ctit: the judgement, its parameters, and who gets none."""

import pytest

from tests.fraud.conftest import DAYS

PATH = "/api/v1/fraud/ctit"


@pytest.fixture
def get(client, acme_key):
    def ask(key=acme_key, **query):
        return client.get(PATH, query, headers={"Authorization": f"Bearer {key}"})

    return ask


@pytest.mark.usefixtures("market")
def test_it_names_who_claims_installs_and_how_sure_that_is(get):
    answer = get(**DAYS)
    assert answer.status_code == 200
    found = answer.json()
    worst = found["sources"][0]
    assert worst["source"] == "<b>bad</b>"
    (finding,) = worst["findings"]
    assert finding["kind"] == "install_hijack"
    assert finding["excess_low"] < finding["excess"] < finding["excess_high"]
    assert (found["conversions"], found["without_click"], found["complete"]) == (300, 0, True)
    assert not any(each["findings"] for each in found["sources"][1:])


@pytest.mark.usefixtures("market")
def test_another_type_or_other_days_have_none(get):
    assert get(**DAYS, conversion_type="lead").json()["installs"] == 0
    assert get(**{"from": "2025-09-01", "to": "2025-09-30"}).json()["installs"] == 0


@pytest.mark.usefixtures("market")
def test_a_rival_sees_nothing(get, rival_key):
    found = get(rival_key, **DAYS).json()
    assert (found["installs"], found["sources"]) == (0, [])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"from": "yesterday"}, "invalid_parameters"),
        ({"to": "2200-01-01"}, "invalid_parameters"),
        ({"from": "2026-09-30", "to": "2026-09-01"}, "invalid_range"),
        ({"from": "1990-01-01", "to": "2026-09-01"}, "invalid_range"),
        ({"conversion_type": "x" * 201}, "invalid_parameters"),
    ],
)
def test_what_can_not_be_asked_is_a_problem_document(get, query, code):
    answer = get(**query)
    assert answer.status_code == 400
    assert answer.json()["code"] == code
