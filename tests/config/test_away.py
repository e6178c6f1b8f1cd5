"""The database is away: pages and API say so, and that the same can be sent again."""

import json
import logging
import urllib.error
import urllib.request

import psycopg
import pytest
from django.test import RequestFactory

from bench.served import free_port, served
from config import away, problems


@pytest.fixture
def failure():
    """What the driver raises where nobody listens."""
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect(f"postgresql://127.0.0.1:{free_port()}/none", connect_timeout=2)
    return caught.value


def handled(path, error):
    try:
        raise error
    except type(error):
        return away.server_error(RequestFactory().get(path))


def test_the_api_answers_with_a_problem(failure):
    request = RequestFactory().get("/api/v1/journeys")
    answer = problems.answer(failure, {"request": request})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert answer.data["code"] == "database_away"


def test_so_does_what_fails_before_the_api_is_reached(failure):
    answer = handled("/api/v1/journeys", failure)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["code"] == "database_away"


def test_a_page_says_it_in_words(failure):
    answer = handled("/attribution/", failure)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "be reached</h1>" in answer.content.decode()


def test_our_own_mistakes_stay_ours():
    assert handled("/attribution/", ValueError("x")).status_code == 500


def test_its_line_has_no_places(failure):
    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "x", (), (0, failure, 0))
    assert away.Expected().filter(record)
    assert (record.exc_info, record.levelname) == (None, "WARNING")


def ask(place, path):
    """Status, type and Retry-After of the served product's answer."""
    request = urllib.request.Request(
        f"http://{place.host}:{place.port}{path}", headers={"Authorization": f"Bearer {place.key}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers["Content-Type"], None
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.headers["Retry-After"]


@pytest.mark.database
def test_connections_that_broke_are_a_moments_trouble_and_no_mistake():
    with served(projector=False) as place:
        assert ask(place, "/api/v1/journeys")[0] == 200
        with psycopg.connect(place.database_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        answers = [ask(place, "/api/v1/journeys") for _ in range(12)]
    broke = [answer for answer in answers if answer[0] != 200]
    assert broke
    assert set(broke) == {(503, "application/problem+json", "5")}
    assert answers[-1][0] == 200
