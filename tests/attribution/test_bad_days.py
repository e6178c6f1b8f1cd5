"""Days at the ends of the calendar are refused wherever they are asked for."""

import pytest
from django.test import Client

READS = ("attribution", "journeys", "budget", "differences")


@pytest.mark.parametrize("day", ["0001-01-03", "1969-12-31", "9999-12-31"])
@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("route", READS)
def test_the_api_says_what_a_day_is(acme_key, route, name, day):
    query = {name: day, "baseline": "Email", "plan": "Email:1"}
    answer = Client(headers={"authorization": f"Bearer {acme_key}"}).get(f"/api/v1/{route}", query)
    assert answer.status_code == 400, answer.content
    assert "1970-01-01 to 2199-12-31" in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["start=0001-01-01&end=0001-01-02", "start=9999-12-01&end=9999-12-31"]
)
@pytest.mark.parametrize(
    "page", ["", "attribution/", "journeys/", "paths/", "segments/", "budget/"]
)
def test_a_page_says_it_in_words(acme_owner_client, page, query):
    answer = acme_owner_client.get(f"/{page}?range=custom&{query}&from=0001-01-01&to=9999-12-31")
    assert answer.status_code < 500
