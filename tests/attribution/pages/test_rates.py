"""Exchange rates as people set them, and the warning where one is missing."""

import csv

import pytest

from attribution import handlers
from eventlog import read
from kernel import clock
from tenants.contracts import Role
from tenants.models import Membership, User
from tests.attribution.stories import click, purchase, rate, spend
from tests.conftest import client_of

DAYS = "range=custom&start=2026-09-01&end=2026-09-30"


@pytest.fixture
def story(acme, as_tenant):
    """A purchase and a cost in dollars, no rate."""
    with as_tenant(acme):
        handlers.handle(
            [
                click(1, "ada", 1),
                purchase(2, "ada", 2, 5.0, currency="USD"),
                spend(3, 3, "Email", 4.0, currency="USD"),
            ]
        )


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("path", ["/", "/attribution/", "/channels/", "/campaigns/", "/paths/"])
def test_a_missing_rate_is_said_where_the_figure_would_be(acme_owner_client, path):
    page = acme_owner_client.get(f"{path}?{DAYS}").content.decode()

    assert "1 conversion worth $5.00 and a cost of $4.00" in page
    assert "2 days (3 Sep 2026 \N{EN DASH} 4 Sep 2026)" in page


@pytest.mark.usefixtures("story")
def test_a_rate_that_is_set_is_in_the_log_and_the_warning_goes(acme, acme_owner_client, as_tenant):
    typed = {"currency": "usd", "rate": "0,9", "day": "2026-09-01"}
    answer = acme_owner_client.post("/settings/rates/", typed, follow=True)
    assert "The rate is set" in answer.content.decode()
    with as_tenant(acme):
        handlers.handle(read.latest(limit=1))

    page = acme_owner_client.get("/settings/rates/").content.decode()
    assert "0.9 EUR" in page
    assert "Waiting for a rate" not in page
    assert "have no exchange rate" not in acme_owner_client.get(f"/?{DAYS}").content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rate": "none"}, "A rate is a number above 0"),
        ({"currency": "EUR"}, "your own currency"),
        ({"currency": "DOLLARS"}, "three letters"),
        ({"day": "soon"}, "Choose the day"),
        ({"day": "2999-01-01"}, "in the future"),
    ],
)
def test_what_can_be_no_rate_is_said_beside_the_form(
    acme, acme_owner_client, as_tenant, change, said
):
    typed = {"currency": "USD", "rate": "0.9", "day": "2026-09-01"} | change
    answer = acme_owner_client.post("/settings/rates/", typed)

    assert answer.status_code == 400
    assert said in answer.content.decode()
    with as_tenant(acme):
        assert read.latest(limit=1) == []


def test_a_rate_is_withdrawn(acme, acme_owner_client, as_tenant):
    with as_tenant(acme):
        handlers.handle([rate(1, 0, "USD", "0.9")])
    body = {"currency": "USD", "day": "2026-09-01"}

    assert acme_owner_client.post("/settings/rates/withdraw/", body).status_code == 302
    with as_tenant(acme):
        assert read.latest(limit=1)[0].type == "money.rate_withdrawn"
        handlers.handle(read.latest(limit=1))
    assert acme_owner_client.post("/settings/rates/withdraw/", body).status_code == 404


def test_the_rates_download(acme, acme_owner_client, as_tenant):
    with as_tenant(acme):
        handlers.handle([rate(1, 0, "USD", "0.9"), rate(2, 0, "CHF", "1", base="GBP")])

    text = acme_owner_client.get("/settings/rates/?format=csv").content.decode()
    rows = list(csv.DictReader(text.splitlines()))
    assert [(row["currency"], row["rate"], row["used"]) for row in rows] == [
        ("USD", "0.9", "True"), ("CHF", "1", "False"),
    ]  # fmt: skip


def test_who_may_not_import_may_not_set_rates(acme, as_tenant):

    user = User.objects.create_user(email="e@acme.example", password="x")
    Membership.objects.create(tenant=acme, user=user, role=Role.EXECUTIVE, created_at=clock.now())
    client = client_of(acme, user)
    typed = {"currency": "USD", "rate": "1", "day": "2026-09-01"}

    assert client.get("/settings/rates/").status_code == 403
    assert client.post("/settings/rates/", typed).status_code == 403
