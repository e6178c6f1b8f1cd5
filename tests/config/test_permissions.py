"""Every door of a tenant's host, knocked at by every role: it opens to those the table says."""

import pytest

from config import permissions
from kernel import clock
from tenants.contracts import Role
from tenants.models import Membership, User
from tests.conftest import client_of
from tests.isolation.routes import walk

DOORS = permissions.doors()
SAMPLES = {"uuid": "00000000-0000-0000-0000-000000000007"}
SAMPLE = "7"


@pytest.fixture
def member(acme):
    """Somebody in acme whose role a test chooses."""
    user = User.objects.create_user(email="mia@example.com", password="x", name="Mia")
    Membership.objects.create(tenant=acme, user=user, role=Role.OPERATOR, created_at=clock.now())
    return user


def path_of(door):
    """The door's path with something in place of its parameters."""
    path, _, rest = door.path.partition("<")
    while rest:
        name, _, rest = rest.partition(">")
        before, _, rest = rest.partition("<")
        path += SAMPLES.get(name.partition(":")[0], SAMPLE) + before
    return path


def test_every_door_says_what_it_asks_for():
    """A page without ``@page(…)`` is open to everybody: name it in OPEN, or guard it."""
    assert {door.name for door in DOORS if not door.asks} == set(permissions.OPEN)


def test_the_table_has_every_route_of_the_walk():
    walked = {route.template for route in walk() if route.host == "tenant" and not route.is_api}
    health = {"healthz", "readyz", "metrics"}
    assert len({door.path for door in DOORS}) == len(walked - health)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", list(Role))
def test_doors_open_as_the_table_says(acme, member, role, method):
    Membership.objects.filter(user=member).update(role=role)
    client = client_of(acme, member)
    wrong = []
    for door in DOORS:
        if not door.asks:
            continue
        answer = getattr(client, method)(path_of(door))
        opened = answer.status_code not in (401, 403, 405)
        if answer.status_code != 405 and opened != door.opens(role, method):
            wrong.append(f"{method} {door.path} as {role}: {answer.status_code}")
    assert wrong == []


def test_each_door_answers_some_method(acme):
    client = client_of(acme)
    for door in DOORS:
        if door.asks:
            answers = {getattr(client, method)(path_of(door)).status_code
                       for method in ("get", "post")}  # fmt: skip
            assert answers != {405}, door


def test_an_owner_may_everything_and_an_operator_nothing():
    for door in DOORS:
        assert door.opens(Role.OWNER, "post")
        assert not door.opens(Role.OPERATOR) or door.asks in ("", "member")


def test_the_document_names_every_door():
    document = permissions.render()
    assert all(f"`{door.path}`" in document for door in DOORS)
    assert "| `/api/v1/events` | `ingest` |" in document
