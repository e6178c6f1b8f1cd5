"""Who gets where at a regulator's: its own pages by role, an advertiser's not at all, and back."""

import pytest
from django.conf import settings
from django.test import Client

from config import permissions
from kernel import clock
from tenants.contracts import Kind, Role
from tenants.models import Membership, Tenant, User
from tests.config.test_permissions import path_of
from tests.conftest import client_of
from tests.isolation.routes import walk
from tests.sending import post_events

DOORS = permissions.doors(settings.REGULATOR_URLCONF)
SHARED = {door.path for door in permissions.doors()} & {door.path for door in DOORS}


@pytest.fixture
def regulator(acme):
    """Acme as a gambling authority."""
    Tenant.objects.filter(pk=acme.pk).update(kind=Kind.REGULATOR)
    acme.refresh_from_db()
    return acme


def test_every_door_says_what_it_asks_for():
    assert {door.name for door in DOORS if not door.asks} == set(permissions.OPEN)
    assert len(DOORS) > len(SHARED) > 10


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", list(Role))
def test_doors_open_as_the_table_says(regulator, role, method):
    member = User.objects.create_user(email="mia@example.com", password="x", name="Mia")
    Membership.objects.create(tenant=regulator, user=member, role=role, created_at=clock.now())
    client = client_of(regulator, member)
    wrong = []
    for door in DOORS:
        if door.asks and door.path not in SHARED:
            answer = getattr(client, method)(path_of(door))
            opened = answer.status_code not in (401, 403, 405)
            if answer.status_code != 405 and opened != door.opens(role, method):
                wrong.append(f"{method} {door.path} as {role}: {answer.status_code}")
    assert wrong == []


def test_the_navigation_shows_what_the_kind_of_tenant_has(regulator, rival):
    own = client_of(regulator).get("/").content.decode()
    other = client_of(rival).get("/").content.decode()

    assert 'href="/log/"' in own
    assert 'href="/log/"' in other
    assert "Operators" in own
    assert "Supervision" not in other
    for label in ("Journeys", "Channels", "Publishers", "Own sites", "Import"):
        assert f"<span>{label}</span>" not in own
    assert "<span>Journeys</span>" in other


@pytest.mark.parametrize("path", ["/journeys/", "/fraud/cases/", "/import/", "/settings/sites/"])
def test_an_advertisers_pages_are_not_there_for_a_regulator(regulator, path):
    assert client_of(regulator).get(path).status_code == 404


@pytest.mark.parametrize("path", ["/operators/lucky/", "/register/"])
def test_a_regulators_pages_are_not_there_for_an_advertiser(acme_owner_client, path):
    assert acme_owner_client.get(path).status_code == 404


API = [each for each in walk() if each.is_api]
OPEN = {"api/schema/", "api/docs/"}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("route", API, ids=str)
def test_an_operators_key_opens_nothing_but_its_own_feed(regulator, route, method):
    from tests.regulator.told import feed_key

    key = feed_key(regulator)
    samples = dict.fromkeys(route.parameters, "00000000-0000-0000-0000-000000000007")
    samples |= dict.fromkeys({"size", "key_id", "job_id"} & set(route.parameters), 7)
    samples |= dict.fromkeys({"day"} & set(route.parameters), "2026-09-01")

    answer = getattr(Client(), method)(
        route.path(samples), {}, headers={"authorization": f"Bearer {key}"}
    )

    if route.template in OPEN:
        return
    if route.template == "api/v1/gaming/events" and method == "post":
        assert answer.json()["code"] in ("malformed_json", "not_registered")
        return
    assert answer.status_code in (401, 403, 404, 405), answer.content
    if answer.status_code == 403:
        assert answer.json()["code"] == "missing_scope"


def test_an_operators_key_sends_no_event_of_another_kind(regulator):
    from tests.regulator.told import feed_key

    answer = post_events(feed_key(regulator), {"type": "web.page", "anonymous_id": "x"})
    assert answer["code"] == "missing_scope"


def test_what_all_kinds_of_tenants_have_works_for_a_regulator(regulator):
    client = client_of(regulator)
    broken = [
        (path, status)
        for path in (path_of(door) for door in DOORS if door.path in SHARED and door.asks)
        if (status := client.get(path).status_code) not in (200, 302, 404, 405)
    ]
    assert broken == []
