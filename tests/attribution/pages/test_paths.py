"""The path explorer beyond its first look: other tables, links, what a toggle leaves out."""

import csv
from urllib.parse import quote_plus

import pytest

from attribution import handlers
from tests.attribution.stories import click, purchase

DAYS = "range=custom&start=2026-09-01&end=2026-09-30"


@pytest.fixture
def _story(acme, as_tenant):
    """Ada comes back to e-mail and buys, Bob buys at once, Eve only looks."""
    with as_tenant(acme):
        handlers.handle(
            [
                click(1, "ada", 1, "Email"),
                click(2, "ada", 2, "Paid Search", device="desktop"),
                click(3, "ada", 3, "Email"),
                purchase(4, "ada", 4, 100.0),
                click(5, "bob", 1, "Email"),
                purchase(6, "bob", 2, 50.0),
                click(7, "eve", 4, "Display", campaign="autumn"),
            ]
        )


def rows(answer):
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(answer.content.decode().splitlines()))


@pytest.mark.usefixtures("_story")
@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("steps", {"number": "1", "reached": "3.0", "converted": "1.0", "lost": "1.0",
                   "continued": "1.0"}),
        ("exits", {"channel": "Email", "journeys": "2.0", "converted": "2.0", "lost": "0.0",
                   "continued": "0.0"}),
        ("loops", {"channel": "Email", "journeys": "1.0", "conversions": "1.0", "share": "0.5",
                   "rate": "1.0", "rate_without": "1.0", "through": "Paid Search"}),
    ],
)  # fmt: skip
def test_every_table_can_be_taken_along(acme_owner_client, table, expected):
    found = rows(acme_owner_client.get(f"/paths/?{DAYS}&format=csv&table={table}"))
    assert found[0] == expected


@pytest.mark.usefixtures("_story")
def test_converting_journeys_alone_leave_out_paths_without_a_conversion(acme_owner_client):
    found = rows(acme_owner_client.get(f"/paths/?{DAYS}&format=csv&converting=1"))
    assert [row["path"] for row in found] == ["Email", "Email > Paid Search > Email"]


@pytest.mark.usefixtures("_story")
def test_a_path_leads_to_the_journeys_through_its_rarest_channel(acme_owner_client):
    page = acme_owner_client.get(f"/paths/?{DAYS}").content.decode()
    assert f"channel={quote_plus('Paid Search')}" in page
    assert "1 of its journeys left it and came back, mostly from Paid Search" in page


@pytest.mark.usefixtures("_story")
def test_campaigns_have_paths_but_no_page_of_their_own(acme_owner_client):
    page = acme_owner_client.get(f"/paths/?{DAYS}&by=campaign").content.decode()
    assert "autumn" in page
    assert 'href="/channels/1' not in page


@pytest.mark.usefixtures("_story")
def test_a_device_narrows_the_journeys(acme_owner_client):
    found = rows(acme_owner_client.get(f"/paths/?{DAYS}&segment=desktop&format=csv"))
    assert found == []
    assert b'class="empty"' in acme_owner_client.get(f"/paths/?{DAYS}&segment=desktop").content


@pytest.mark.usefixtures("_story")
def test_no_converting_journey_is_said_and_the_rest_is_shown(acme, acme_owner_client, as_tenant):
    address = "/paths/?range=custom&start=2026-09-05&end=2026-09-05&converting=1&type=none"
    page = acme_owner_client.get(address).content.decode()
    assert "No journey converted" in page
    assert "Touch by touch" in page
