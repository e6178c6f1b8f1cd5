"""The pages as people get them: figures, filters, downloads, and who is turned away."""

import csv

import pytest

from attribution import handlers
from tenants.contracts import Role
from tests.attribution.stories import click, identified, purchase, spend

DAYS = "range=custom&start=2026-09-01&end=2026-09-30"
TABLES = ["/", "/attribution/", "/channels/", "/campaigns/", "/journeys/", "/paths/"]


@pytest.fixture
def story(acme, as_tenant):
    """Two people buy, one does not; e-mail costs 20."""
    with as_tenant(acme):
        handlers.handle(
            [
                click(1, "ada", 1, "Paid Search", campaign="summer"),
                click(2, "ada", 2, "Email"),
                purchase(3, "ada", 3, 100.0),
                click(4, "bob", 1, "Email"),
                purchase(5, "bob", 2, 50.0),
                click(6, "eve", 4, "Paid <b>Search</b>", device="desktop"),
                spend(7, 1, "Email", 20.0),
                identified(8, "ada", "ada-user"),
            ]
        )


def rows(answer):
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(answer.content.decode().splitlines()))


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("path", TABLES)
def test_every_page_shows_the_story_and_nothing_unescaped(acme_owner_client, path):
    answer = acme_owner_client.get(f"{path}?{DAYS}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<b>Search</b>" not in page
    assert "style=" not in page


@pytest.mark.parametrize("path", TABLES)
def test_every_page_of_a_new_tenant_is_an_empty_state(acme_owner_client, path):
    answer = acme_owner_client.get(path)
    assert answer.status_code == 200
    assert b'class="empty"' in answer.content


def test_a_new_tenant_is_shown_how_to_send_the_first_event(acme_owner_client):
    page = acme_owner_client.get("/").content.decode()
    assert "Send your first event" in page
    assert "http://acme.localhost/api/v1/events" in page


@pytest.mark.parametrize("path", [*TABLES, "/journeys/ada/"])
def test_strangers_are_sent_to_log_in(stranger_client, path):
    answer = stranger_client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("http://localhost/login/")


@pytest.mark.parametrize("path", TABLES)
def test_an_operator_sees_no_report(acme, acme_owner_client, path):
    acme.memberships.update(role=Role.OPERATOR)
    assert acme_owner_client.get(path).status_code == 403


@pytest.mark.usefixtures("story")
def test_a_rival_sees_nothing_of_it(rival_owner_client):
    assert rival_owner_client.get("/journeys/ada/").status_code == 404
    assert rows(rival_owner_client.get(f"/channels/?{DAYS}&format=csv")) == []


@pytest.mark.usefixtures("story")
def test_models_are_compared_in_one_table(acme_owner_client):
    address = f"/attribution/?{DAYS}&models=linear&models=last&models=markov&format=csv"
    found = {row["label"]: row for row in rows(acme_owner_client.get(address))}
    assert float(found["Email"]["linear"]) == 1.5
    assert float(found["Email"]["last"]) == 2.0
    assert found["Email"]["removal_effect"]


@pytest.mark.usefixtures("story")
def test_channels_sort_by_any_column(acme_owner_client):
    found = rows(acme_owner_client.get(f"/channels/?{DAYS}&model=linear&sort=value&format=csv"))
    assert [row["label"] for row in found][-1] == "Email"
    assert (found[-1]["cost"], found[-1]["roas"]) == ("20.0", "5.0")


@pytest.mark.usefixtures("story")
def test_a_persons_timeline_shows_credit_per_touch(acme_owner_client):
    assert b"50.0%" in acme_owner_client.get("/journeys/ada/?model=linear").content
    found = rows(acme_owner_client.get("/journeys/ada/?format=csv"))
    assert [float(row["linear"]) for row in found] == [0.5, 0.5]


@pytest.mark.parametrize(
    "query", ["model=magic", "by=moon", "order=9", "models=x", "segment=fridge", "range=custom"]
)
def test_a_wrong_word_in_the_address_is_a_page_not_a_crash(acme_owner_client, query):
    assert acme_owner_client.get(f"/attribution/?{query}").status_code == 400


def test_a_cut_cursor_is_a_page_not_a_crash(acme_owner_client):
    assert acme_owner_client.get("/journeys/?cursor=xyz").status_code == 400


@pytest.mark.usefixtures("story")
def test_paths_are_listed_with_what_came_of_them(acme_owner_client):
    found = {row["path"]: row for row in rows(acme_owner_client.get(f"/paths/?{DAYS}&format=csv"))}
    assert float(found["Paid Search > Email"]["value"]) == 100.0
    assert float(found["Email"]["rate"]) == 1.0
    page = acme_owner_client.get(f"/paths/?{DAYS}").content.decode()
    assert "Stands on 3 journeys, 2 of them converting" in page
    assert "How 3 journeys went" in page


@pytest.mark.usefixtures("story")
def test_paths_of_converting_journeys_alone(acme_owner_client):
    page = acme_owner_client.get(f"/paths/?{DAYS}&converting=1&depth=2").content.decode()
    assert "How 2 journeys went through their first 2 touches" in page
    assert acme_owner_client.get(f"/paths/?{DAYS}&depth=9").status_code == 400


@pytest.mark.usefixtures("story")
def test_a_rival_sees_no_path(rival_owner_client):
    assert rows(rival_owner_client.get(f"/paths/?{DAYS}&format=csv")) == []


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("path", ["/attribution/", "/channels/"])
def test_channels_are_held_against_one_of_them(acme_owner_client, path):
    query = f"{DAYS}&baseline=Email&models=linear&reference=linear&model=linear"
    page = acme_owner_client.get(f"{path}?{query}").content.decode()
    assert "Conversions against Email" in page
    assert "every interval holds zero" in page

    (paid, *_) = rows(acme_owner_client.get(f"{path}?{query}&format=csv&table=differences"))
    assert paid["decided"] == "False"
    assert float(paid["difference_low"]) < float(paid["difference"])


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("metric", ["conversions", "value", "roas", "cpa"])
def test_a_baseline_without_the_figure_leaves_the_page_as_it_is(acme_owner_client, metric):
    answer = acme_owner_client.get(f"/channels/?{DAYS}&metric={metric}&baseline=Nobody")

    assert answer.status_code == 200
    assert "against Nobody" not in answer.content.decode()
