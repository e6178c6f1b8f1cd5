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


def door_for(bare, inside, address="/tenants/acme/enter/") -> str:
    """Where the bare host sends a browser that asked to come in and has said which it is."""
    begin = bare.get(address)["Location"]
    return bare.get(inside.get(begin)["Location"])["Location"]


def test_the_hand_off_makes_a_session_of_the_host(bare, inside):
    door = door_for(bare, inside, "/tenants/acme/enter/?next=/settings/team/")

    assert inside.get(door)["Location"] == "/settings/team/"
    assert inside.get("/settings/team/").status_code == 200
    assert Client(HTTP_HOST="acme.localhost:8000").get(door).status_code == 403
    assert inside.get(door)["Location"] == "/"


def test_a_link_made_by_one_opens_nothing_in_the_browser_of_another(bare, inside):
    door = door_for(bare, inside)
    victim = Client(HTTP_HOST="acme.localhost:8000")
    victim.get("/session/begin/")  # has a value of its own, which is not the one in the token

    assert victim.get(door).status_code == 403
    assert inside.get(door)["Location"] == "/"


def test_a_browser_keeps_its_value_so_that_two_tabs_can_come_in(bare, inside):
    one, two = door_for(bare, inside), door_for(bare, inside)

    assert inside.get(one).status_code == 302
    assert inside.get(two).status_code == 302


def test_the_value_of_a_browser_is_for_its_host_alone(inside, acme):
    answer = inside.get("/session/begin/?next=//evil.example/")
    (cookie,) = answer.cookies.values()

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["domain"]
    assert cookie.value not in answer["Location"]
    assert answer["Location"].startswith("http://localhost:8000/tenants/acme/enter/?browser=")
    assert "evil" not in answer["Location"]


def test_a_forged_token_is_a_page_with_a_way_to_log_in(inside, acme):
    answer = inside.get("/session/start/?token=x")

    assert answer.status_code == 403
    assert b"http://localhost:8000/tenants/acme/enter/" in answer.content


def test_leaving_ends_everything(bare, inside):
    inside.get(door_for(bare, inside))

    assert inside.post("/session/end/")["Location"] == "http://localhost:8000/"

    assert inside.get("/settings/keys/").status_code == 302
    assert bare.get("/tenants/")["Location"].startswith("/login/")


def test_leaving_needs_a_post(inside, acme):
    assert inside.get("/session/end/").status_code == 405
