"""The front door as a browser meets it."""

import uuid

import pytest
from django.test import Client

from tenants import commands, queries, throttle
from tenants.contracts import Role
from tenants.models import Tenant, User
from tests.conftest import PASSWORD

SIGN_UP = {
    "kind": "advertiser",
    "organisation": "New & Shiny",
    "slug": "new-shiny",
    "currency": "EUR",
    "person-name": "Nina",
    "person-email": "Nina@Example.com",
    "person-password": PASSWORD,
}


@pytest.fixture
def browser(db):
    """A browser at the bare host, from an address of its own."""
    return Client(HTTP_HOST="localhost:8000", REMOTE_ADDR=uuid.uuid4().hex)


def log_in(browser, password=PASSWORD, email="owner@acme.example", **more):
    return browser.post("/login/", {"username": email, "password": password, **more})


def test_the_landing_page_shows_both_ways_in(browser):
    page = browser.get("/").content.decode()

    assert "/signup/" in page
    assert "/login/" in page


def test_signing_up_founds_a_tenant_and_leads_to_its_opening(browser):
    answer = browser.post("/signup/", SIGN_UP)

    assert (answer.status_code, answer["Location"]) == (302, "/tenants/new-shiny/opening/")
    assert b"Setting up New &amp; Shiny" in browser.get(answer["Location"]).content
    nina = User.objects.get(email="nina@example.com")
    assert queries.organisation(nina, "new-shiny").role == Role.OWNER
    assert browser.get("/tenants/new-shiny/enter/")["Location"] == answer["Location"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"slug": "acme"}, b"Another organisation has this address"),
        ({"slug": "www"}, b"reserved"),
        ({"slug": "a_b"}, b"lower-case"),
        ({"person-email": "owner@acme.example"}, b"log in first"),
        ({"person-password": "12345678"}, b"entirely numeric"),
        ({"person-password": "nina@example.com"}, b"too similar"),
        ({"kind": "bank"}, b"not one of the available"),
        ({"currency": "XXX"}, b"not one of the available"),
        ({"organisation": " "}, b"required"),
    ],
)
def test_signing_up_says_what_is_wrong(browser, acme, change, said):
    before = Tenant.objects.count(), User.objects.count()

    answer = browser.post("/signup/", {**SIGN_UP, **change})

    assert answer.status_code == 200
    assert said in answer.content
    assert (Tenant.objects.count(), User.objects.count()) == before


def test_somebody_logged_in_founds_another(browser, acme_owner):
    browser.force_login(acme_owner)

    browser.post("/signup/", {k: v for k, v in SIGN_UP.items() if "person" not in k})

    assert [o.slug for o in queries.organisations(acme_owner)] == ["acme", "new-shiny"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("slug=acme", b"Another organisation"),
        ("slug=free-one", b"free-one is free"),
        ("slug=&organisation=Free+Two", b"free-two is free"),
        ("", b"Lower-case"),
    ],
)
def test_an_address_is_judged_while_it_is_typed(browser, acme, query, said):
    assert said in browser.get(f"/signup/address/?{query}").content


def test_logging_in_leads_to_the_only_organisation(browser, acme):
    answer = log_in(browser, email=" Owner@ACME.example")

    assert answer["Location"] == "/tenants/acme/enter/"


def test_a_page_of_a_tenant_is_reached_after_logging_in(browser, acme):
    answer = log_in(browser, next="http://acme.localhost:8000/channels/?range=7d")

    assert answer["Location"] == "/tenants/acme/enter/?next=%2Fchannels%2F%3Frange%3D7d"
    onward = browser.get(answer["Location"])["Location"]
    assert onward == ("http://acme.localhost:8000/session/begin/?next=%2Fchannels%2F%3Frange%3D7d")
    back = Client(HTTP_HOST="acme.localhost:8000").get(onward)["Location"]
    door = browser.get(back)["Location"]
    assert door.startswith("http://acme.localhost:8000/session/start/?token=")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "http://localhost.evil.example/",
        "javascript:alert(1)",
        "http://evil.example\\@acme.localhost/",
    ],
)
def test_logging_in_leads_nowhere_else(browser, acme, elsewhere):
    assert "evil" not in log_in(browser, next=elsewhere)["Location"].split("/enter/")[0]
    assert log_in(browser, next=elsewhere)["Location"].startswith("/tenants/")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(browser, acme):
    wrong, unknown = log_in(browser, "wrong"), log_in(browser, email="nobody@acme.example")

    assert wrong.status_code == unknown.status_code == 200
    assert b"do not fit together" in wrong.content
    assert b"do not fit together" in unknown.content


def test_too_many_failures_close_the_door(browser, db):
    email = f"{uuid.uuid4().hex}@example.com"
    User.objects.create_user(email=email, password=PASSWORD)
    for _ in range(throttle.ACCOUNT_LIMIT):
        log_in(browser, "wrong", email)

    assert b"Too many failed tries" in log_in(browser, PASSWORD, email).content


def test_the_chooser_lists_only_ones_own(browser, acme_owner, rival):
    browser.force_login(acme_owner)

    page = browser.get("/tenants/").content

    assert b"/tenants/acme/enter/" in page
    assert b"rival" not in page.lower()


@pytest.mark.parametrize("page", ["enter", "opening"])
def test_nobody_enters_where_they_are_no_member(browser, acme_owner, rival, page):
    browser.force_login(acme_owner)

    assert browser.get(f"/tenants/rival/{page}/").status_code == 404
    assert browser.get(f"/tenants/nowhere/{page}/").status_code == 404


def test_logging_out_ends_the_sessions_of_tenants_hosts(browser, acme, acme_owner):
    browser.force_login(acme_owner)
    inside = Client(HTTP_HOST="acme.localhost:8000")
    begun = inside.get(browser.get("/tenants/acme/enter/")["Location"])
    inside.get(browser.get(begun["Location"])["Location"])
    assert inside.get("/settings/keys/").status_code == 200

    browser.post("/logout/")

    assert inside.get("/settings/keys/").status_code == 302


def test_a_join_link_makes_an_account_and_a_member(browser, acme, acme_owner):
    from kernel import clock

    token = commands.invite(
        tenant=acme, actor=acme_owner, email="", role=Role.ANALYST, now=clock.now()
    )
    assert b"Join Acme" in browser.get(f"/join/{token}/").content

    answer = browser.post(
        f"/join/{token}/",
        {f"person-{k}": SIGN_UP[f"person-{k}"] for k in ("name", "email", "password")},
    )

    assert answer["Location"] == "/tenants/acme/enter/"
    assert queries.organisation(User.objects.get(email="nina@example.com"), "acme")
    assert browser.get(f"/join/{token}/").status_code == 404


def test_a_join_link_for_another_address_makes_no_account(browser, acme, acme_owner):
    from kernel import clock

    token = commands.invite(
        tenant=acme, actor=acme_owner, email="eve@x.example", role=Role.OWNER, now=clock.now()
    )
    answer = browser.post(
        f"/join/{token}/",
        {f"person-{k}": SIGN_UP[f"person-{k}"] for k in ("name", "email", "password")},
    )

    assert answer.status_code == 404
    assert not User.objects.filter(email="nina@example.com").exists()
