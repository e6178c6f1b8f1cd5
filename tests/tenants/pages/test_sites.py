"""Own sites in the portal, and what they do to the visits that come afterwards."""

import json

import pytest
from django.test import Client

from eventlog import read
from tenants import own_hosts
from tenants.contracts import PERMISSIONS, Permission, Role
from tenants.models import Membership
from tests.conftest import client_of

PAGE = "/settings/sites/"


def send(key, anonymous, referrer):
    page = {"url": "https://shop.example/tents", "referrer": referrer}
    event = {"type": "web.page", "anonymous_id": anonymous, "context": {"page": page}}
    return Client().post(
        "/api/v1/events",
        {"events": [event]},
        content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )


def test_a_link_from_an_own_site_is_no_referral_from_then_on(
    acme, acme_key, rival, rival_key, acme_owner_client, as_tenant
):
    referrer = "https://stories.our-blog.example/post"
    send(acme_key, "ann", referrer)
    answer = acme_owner_client.post(PAGE, {"hosts": "Our-Blog.example\npay.example"}, follow=True)
    assert "Saved: 2 sites" in answer.content.decode()
    send(acme_key, "ann", referrer)
    send(rival_key, "ann", referrer)

    def touches(tenant):
        with as_tenant(tenant):
            seen = [json.loads(e.payload) for e in read.latest(limit=9) if e.type == "web.page"]
        return [each.get("touch", {}).get("channel") for each in seen]

    assert touches(acme) == [None, "Referral"]
    assert touches(rival) == ["Referral"]


def test_it_says_which_line_is_no_host_and_keeps_what_was_typed(acme, acme_owner_client):
    answer = acme_owner_client.post(PAGE, {"hosts": "fine.example\nnot/a host"})

    assert answer.status_code == 400
    assert "“not/a” is no host name" in answer.content.decode()
    assert b"fine.example" in answer.content
    assert own_hosts.of(acme) == ()


@pytest.mark.parametrize("role", list(Role))
def test_who_works_with_data_may_change_the_list(acme, acme_owner, role):
    Membership.objects.filter(tenant=acme, user=acme_owner).update(role=role)
    may = Permission.MANAGE_SITES in PERMISSIONS[role]

    assert client_of(acme).get(PAGE).status_code == (200 if may else 403)
    assert client_of(acme).post(PAGE, {"hosts": "x.example"}).status_code == (302 if may else 403)
    assert may == (role in {Role.OWNER, Role.MARKETER, Role.ANALYST})
