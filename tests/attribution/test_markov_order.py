"""The order of the Markov chain is chosen by what predicts journeys it has not seen."""

from datetime import timedelta

import pytest
from rest_framework.test import APIRequestFactory

from attribution import handlers, markov_order, queries, tasks
from attribution.contracts import EVERY, By, Model
from attribution.credit.order_selection import choose_order
from attribution.endpoints import AttributionView
from attribution.projection import sums
from attribution.store import chains
from tests.attribution.stories import START, click, purchase

SCOPE = {
    "start": START.date(),
    "end": START.date() + timedelta(days=30),
    "by": By.CHANNEL,
    "segment": EVERY,
    "conversion_type": EVERY,
}
QUERY = {"from": "2026-09-01", "to": "2026-10-01", "model": "markov", "order": "auto"}


def told():
    """Email mostly converts after search and not after display: one touch can't tell."""
    events, position = [], 0
    for number in range(240):
        subject, first = f"p{number}", ("Search", "Display")[number % 2]
        events += [
            click(position + 1, subject, 1, first),
            click(position + 2, subject, 2, "Email"),
        ]
        position += 2
        if (first == "Search") != (number % 16 < 2):
            position += 1
            events.append(purchase(position, subject, 3))
    return events


@pytest.fixture
def in_acme(acme, as_tenant):
    with as_tenant(acme):
        handlers.handle(told())
        yield
        markov_order.cache.delete(markov_order._key(queries.scope_of(*SCOPE.values())))


@pytest.mark.usefixtures("in_acme")
def test_it_is_what_the_journeys_themselves_say():
    chosen = markov_order.choose(**SCOPE)

    paths = chains.paths_of(sums.paths(queries.scope_of(*SCOPE.values())))
    expected = choose_order(paths, seed=1)
    assert chosen.order == expected.order == 2
    assert chosen.sentence == expected.sentence()
    assert [row["order"] for row in chosen.rows] == [1, 2, 3, 4]
    assert chosen.rows[0]["behind"] > chosen.rows[0]["error"]


@pytest.mark.usefixtures("in_acme")
def test_it_is_kept_until_there_are_many_more_journeys(monkeypatch):
    first = markov_order.choose(**SCOPE)
    monkeypatch.setattr(markov_order, "_chosen", None)
    assert markov_order.choose(**SCOPE) == first
    handlers.handle([click(5_000 + number, f"q{number}", 4) for number in range(60)])
    with pytest.raises(TypeError):  # it would choose anew
        markov_order.choose(**SCOPE)


def test_a_rivals_journeys_say_nothing_of_acmes(in_acme, rival, as_tenant):
    assert markov_order.choose(**SCOPE).order == 2
    with as_tenant(rival):
        found = markov_order.choose(**SCOPE)
    assert (found.order, found.journeys) == (1, 0)
    assert "at least 5 journeys" in found.sentence


def test_the_worker_chooses_where_a_page_would_wait(in_acme, acme, monkeypatch):
    asked = []
    monkeypatch.setattr(markov_order, "PATIENCE", 10)
    monkeypatch.setattr(tasks.markov_order, "delay", lambda **question: asked.append(question))

    first = markov_order.choose(**SCOPE)
    again = markov_order.choose(**SCOPE)

    assert (first.order, first.pending, again.pending) == (1, True, True)
    (question,) = asked
    assert question["schema"] == acme.schema_name
    tasks.markov_order(**question)
    found = markov_order.choose(**SCOPE)
    assert (found.order, found.pending) == (2, False)


@pytest.mark.usefixtures("in_acme")
def test_the_api_uses_it_and_says_why(acme_key):
    def get(**query):
        headers = {"HTTP_AUTHORIZATION": f"Bearer {acme_key}"}
        return AttributionView.as_view()(APIRequestFactory().get("/", QUERY | query, **headers))

    auto, second = get().data, get(order="2").data
    assert auto["params"] == {"order": 2}
    assert auto["channels"] == second["channels"]
    assert auto["order_choice"]["order"] == 2
    assert auto["order_choice"]["sentence"].startswith("Order 2: ")
    assert second["order_choice"] is None
    assert get(model=str(Model.LINEAR)).data["order_choice"] is None
    assert get(order="5").status_code == 400


@pytest.mark.usefixtures("in_acme")
def test_the_page_uses_it_and_says_why(acme_owner_client):
    query = "range=custom&start=2026-09-01&end=2026-10-01&order=auto"
    page = acme_owner_client.get(f"/attribution/?{query}").content.decode()
    assert "Markov: Order 2: " in page
    assert "Held-out log-likelihood" in page
    assert '<option value="auto" selected>' in page
