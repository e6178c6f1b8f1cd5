"""Coming into a tenant's host and leaving it."""

import pytest
from django.test import Client


@pytest.fixture
def bare(acme_owner):
    """A browser at the bare host in which acme's owner is logged in."""
    client = Client(HTTP_HOST="localhost:8000")
    client.force_login(acme_owner)
    return client


@pytest.fixture
def inside(db):
    """A browser at acme's host."""
    return Client(HTTP_HOST="acme.localhost:8000")


def test_the_hand_off_makes_a_session_of_the_host(bare, inside):
    door = bare.get("/tenants/acme/enter/?next=/settings/team/")["Location"]

    assert inside.get(door)["Location"] == "/settings/team/"
    assert inside.get("/settings/team/").status_code == 200
    assert Client(HTTP_HOST="acme.localhost:8000").get(door).status_code == 403
    assert inside.get(door)["Location"] == "/"


def test_a_forged_token_is_a_page_with_a_way_to_log_in(inside, acme):
    answer = inside.get("/session/start/?token=x")

    assert answer.status_code == 403
    assert b"http://localhost:8000/tenants/acme/enter/" in answer.content


def test_leaving_ends_everything(bare, inside):
    inside.get(bare.get("/tenants/acme/enter/")["Location"])

    assert inside.post("/session/end/")["Location"] == "http://localhost:8000/"

    assert inside.get("/settings/keys/").status_code == 302
    assert bare.get("/tenants/")["Location"].startswith("/login/")


def test_leaving_needs_a_post(inside, acme):
    assert inside.get("/session/end/").status_code == 405
