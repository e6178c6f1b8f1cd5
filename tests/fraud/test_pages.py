"""The publishers' page: figures, sentences, chart, download, empty state."""

import csv

import pytest

from attribution import handlers
from tests.attribution.stories import click, purchase

PAGE = "/fraud/publishers/"
DAYS = "range=custom&start=2026-09-01&end=2026-09-30"


@pytest.mark.usefixtures("market")
def test_it_says_who_claims_installs_and_escapes_names(acme_owner_client):
    answer = acme_owner_client.get(f"{PAGE}?{DAYS}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "install hijack" in page
    assert "3 to 10 s after their click" in page
    assert "?source=%3Cb%3Ebad%3C/b%3E&amp;reason=" in page
    assert "<b>bad</b>" not in page
    assert "style=" not in page
    assert answer.context["chosen"] == "<b>bad</b>"


@pytest.mark.usefixtures("market")
def test_a_source_is_drawn_beside_all_others(acme_owner_client):
    found = acme_owner_client.get(f"{PAGE}?{DAYS}&source=clean-1").context
    assert found["chosen"] == "clean-1"
    values = found["chart"]["data"]["values"]
    for group in ("clean-1", "All others"):
        shares = [row["value"] for row in values if row["group"] == group]
        assert sum(shares) == pytest.approx(100)
    assert acme_owner_client.get(f"{PAGE}?{DAYS}&source=nobody").context["chosen"] == "<b>bad</b>"


@pytest.mark.usefixtures("market")
def test_the_table_downloads(acme_owner_client):
    answer = acme_owner_client.get(f"{PAGE}?{DAYS}&format=csv")
    rows = list(csv.DictReader(answer.content.decode().splitlines()))
    assert [row["found"] for row in rows] == ["install hijack", *["nothing found"] * 4]
    assert rows[0]["explanation"].endswith("by chance).")


def test_other_conversions_are_not_held_to_be_fraud(market, as_tenant, acme_owner_client):
    with as_tenant(market):
        handlers.handle([click(1_001, "sue", 1, "clean-1"), purchase(1_002, "sue", 1.00002)])
    warned = b"norms are those of app installs"
    assert warned not in acme_owner_client.get(f"{PAGE}?{DAYS}").content
    answer = acme_owner_client.get(f"{PAGE}?{DAYS}&type=purchase")
    assert warned in answer.content
    assert answer.context["types"] == ("install", "purchase")


def test_without_clicks_it_says_what_to_send(acme_owner_client):
    answer = acme_owner_client.get(PAGE)
    assert answer.status_code == 200
    assert b'class="empty"' in answer.content


def test_days_that_are_none_are_said(acme_owner_client):
    answer = acme_owner_client.get(f"{PAGE}?range=custom&start=2026-09-30&end=2026-09-01")
    assert answer.status_code == 400
    assert b"must not end before it starts" in answer.content
