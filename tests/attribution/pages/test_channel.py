"""A channel's page as people get it: figures, days, neighbours, places, downloads, strangers."""

import csv
from datetime import timedelta

import pytest

from attribution import handlers
from attribution.models import Fit, LearnedCredit, Name
from tenants.contracts import Role
from tests.attribution.stories import START, click, purchase, spend

DAYS = "range=custom&start=2026-09-01&end=2026-09-30"


@pytest.fixture
def email(acme, as_tenant):
    """The address of e-mail's page: two people buy, one after coming back; it costs 20."""
    with as_tenant(acme):
        handlers.handle(
            [
                click(1, "ada", 1, "Email", campaign="summer"),
                click(2, "ada", 2, "Paid Search"),
                click(3, "ada", 3, "Email", device="desktop"),
                purchase(4, "ada", 4, 100.0),
                click(5, "bob", 1, "Email"),
                purchase(6, "bob", 2, 50.0, conversion_type="lease"),
                click(7, "eve", 4, "Paid <b>Search</b>"),
                click(8, "eve", 5, "Email"),
                spend(9, 1, "Email", 20.0),
            ]
        )
        return f"/channels/{Name.objects.get(dimension=0, label='Email').pk}/"


def rows(answer):
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(answer.content.decode().splitlines()))


def page_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_shows_where_the_channel_stands_and_nothing_unescaped(acme_owner_client, email):
    page = page_of(acme_owner_client, f"{email}?{DAYS}&model=linear")
    assert "Stands on 3 journeys, 2 of them converting" in page
    assert "Most often before Email: Start" in page
    assert "What its campaigns cost" in page
    assert "7.50\N{MULTIPLICATION SIGN}" in page
    assert "<b>Search</b>" not in page
    assert "style=" not in page


def test_a_fits_days_sum_to_what_its_report_gives(acme, acme_owner_client, email, as_tenant):
    key = int(email.split("/")[2])
    shared = {"model": "survival", "dimension": 0, "segment": 0, "credit_squares": 0.1}
    with as_tenant(acme):
        kind = Name.objects.get(dimension=3, label="purchase").pk
        Fit.objects.create(
            model="survival", fitted_at=START, xid=1, position=1, journeys=3, details={}
        )
        for day, who, credit in ((4, key, 0.2), (5, key, 0.1), (5, key + 1, 0.3)):
            LearnedCredit.objects.create(
                **shared, day=START + timedelta(days=day), conversion_type=kind, key=who,
                credit=credit, value=credit * 10, value_squares=1.0,
            )  # fmt: skip
    address = f"{email}?{DAYS}&model=survival&format=csv"
    days = [float(row["conversions"]) for row in rows(acme_owner_client.get(address))]
    models = {row["model"]: row for row in rows(acme_owner_client.get(f"{address}&table=models"))}
    # Two conversions are shared out: half of what was caused is e-mail's, on its two days 2 to 1.
    assert float(models["survival"]["conversions"]) == pytest.approx(1.0)
    assert [each for each in days if each] == pytest.approx([2 / 3, 1 / 3])


def test_every_model_stands_side_by_side(acme_owner_client, email):
    found = {
        row["model"]: row
        for row in rows(acme_owner_client.get(f"{email}?{DAYS}&format=csv&table=models"))
    }
    assert float(found["first"]["conversions"]) == 2.0
    assert float(found["linear"]["conversions"]) == pytest.approx(1 + 2 / 3)
    assert float(found["linear"]["conversions_low"]) < 1.67
    assert "data-driven" not in found


def test_its_days_hold_credit_value_and_cost(acme_owner_client, email):
    found = rows(acme_owner_client.get(f"{email}?{DAYS}&model=last&format=csv"))
    assert len(found) == 30
    by_day = {row["day"]: row for row in found}
    assert (by_day["2026-09-02"]["cost"], by_day["2026-09-02"]["roas"]) == ("20.0", "0.0")
    assert by_day["2026-09-05"]["value"] == "100.0"
    assert by_day["2026-09-05"]["roas"] == ""
    assert sum(float(row["conversions"]) for row in found) == 2.0


def test_the_days_of_a_markov_chain_are_said_to_be_shapleys(acme_owner_client, email):
    page = page_of(acme_owner_client, f"{email}?{DAYS}&model=markov")
    assert "the line is the Shapley value" in page


@pytest.mark.parametrize("metric", ["conversions", "value", "cost", "roas", "weather"])
def test_it_draws_every_measure(acme_owner_client, email, metric):
    assert "Stands on" in page_of(acme_owner_client, f"{email}?{DAYS}&metric={metric}")


def test_filters_narrow_it(acme_owner_client, email):
    address = f"{email}?{DAYS}&model=last&format=csv&table=models"
    leases = rows(acme_owner_client.get(f"{address}&type=lease"))
    assert float(leases[0]["value"]) == 50.0
    desktop = rows(acme_owner_client.get(f"{address}&segment=desktop"))
    assert float(desktop[0]["value"]) == 100.0


def test_paths_through_it_can_be_taken_along(acme_owner_client, email):
    found = rows(acme_owner_client.get(f"{email}?{DAYS}&format=csv&table=paths"))
    assert [row["path"] for row in found] == [
        "Email", "Email > Paid Search > Email", "Paid <b>Search</b> > Email"
    ]  # fmt: skip


def test_days_without_it_are_an_empty_state(acme_owner_client, email):
    page = page_of(acme_owner_client, f"{email}?range=custom&start=2025-01-01&end=2025-01-31")
    assert 'class="empty"' in page


def test_a_model_that_waits_for_its_first_fit_is_no_crash(acme_owner_client, email):
    assert "Email" in page_of(acme_owner_client, f"{email}?{DAYS}&model=survival")


@pytest.mark.parametrize("address", ["/channels/", "/attribution/", "/"])
def test_channels_names_lead_to_it(acme_owner_client, email, address):
    assert f'href="{email}?' in page_of(acme_owner_client, f"{address}?{DAYS}")


def test_an_unknown_channel_is_not_found(acme_owner_client, email):
    assert acme_owner_client.get(f"/channels/999999/?{DAYS}").status_code == 404
    assert acme_owner_client.get(f"{email}?model=magic").status_code == 400


def test_a_rival_gets_nothing_of_it(rival_owner_client, email):
    assert rival_owner_client.get(f"{email}?{DAYS}").status_code == 404


def test_a_rivals_own_channel_of_the_same_number_shows_the_rivals(
    rival, rival_owner_client, email, as_tenant
):
    key = int(email.split("/")[2])
    with as_tenant(rival):
        Name.objects.create(pk=key, dimension=0, label="Pigeon post")
    page = page_of(rival_owner_client, f"{email}?{DAYS}")
    assert "Pigeon post" in page
    assert "Email" not in page


def test_an_operator_sees_no_channel(acme, acme_owner_client, email):
    acme.memberships.update(role=Role.OPERATOR)
    assert acme_owner_client.get(email).status_code == 403


def test_strangers_are_sent_to_log_in(stranger_client, email):
    assert stranger_client.get(email)["Location"].startswith("http://localhost/login/")
