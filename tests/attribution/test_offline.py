"""What happened away from the screen comes in by files and counts as a touch among the others."""

import pytest
from django.core.management import call_command

from attribution import handlers, queries
from attribution.models import Touchpoint
from eventlog import read

FILE = """user,when,interaction,campaign,cost,channel,sold,amount
ann,2026-11-02,direct mail,autumn,0.8,,,
ann,2026-11-03T10:30:00Z,store visit,,,,,
ann,2026-11-03T09:00:00Z,click,,,Email,,
ann,2026-11-04T15:00:00Z,phone call,,,Hotline,yes,120
bob,2026-11-05,offline,,,,,
eve,2026-11-05,carrier pigeon,,,,,
"""


@pytest.fixture
def imported(committed_tenant, tmp_path, capsys):
    from django.db import connection

    file = tmp_path / "offline.csv"
    file.write_text(FILE)
    columns = ["user=user", "time=when", "kind=interaction", "campaign=campaign", "cost=cost",
               "channel=channel", "conversion=sold", "value=amount"]  # fmt: skip
    call_command(
        "import", str(file), "--tenant", committed_tenant.slug, "--as", "touchpoints",
        "--map", *columns,
    )  # fmt: skip
    connection.set_tenant(committed_tenant)
    handlers.handle(sorted(read.latest(limit=50), key=lambda event: event.position))
    return capsys.readouterr().out


def test_offline_touches_make_a_journey_with_the_others(imported):
    ann = next(item for item in queries.journeys().items if item.converted)

    assert ann.path == ("Offline Direct Mail", "Email", "Offline Store Visit", "Hotline")
    assert ann.value == 120.0


def test_a_date_alone_is_the_day_and_counts_from_its_beginning(imported):
    ann = next(item for item in queries.journeys().items if item.converted)
    touches = queries.person(subject=ann.person).journeys[0].touches

    assert [(touch.kind, touch.precision) for touch in touches] == [
        ("offline", "day"), ("click", "minute"), ("offline", "minute"), ("offline", "minute"),
    ]  # fmt: skip
    assert touches[0].at.isoformat() == "2026-11-02T00:00:00+00:00"


def test_other_kinds_are_offline_too_and_unknown_words_are_told(imported):
    assert Touchpoint.objects.count() == 5
    assert {item.path for item in queries.journeys(converted=False).items} == {("Offline Other",)}
    assert "1 rejected" in imported


def test_a_touch_of_a_day_shows_no_hour(imported, committed_tenant):
    from tests.conftest import client_of

    ann = next(item for item in queries.journeys().items if item.converted)
    page = client_of(committed_tenant).get(f"/journeys/{ann.person}/").content.decode()

    assert "2 Nov 2026, some time" in page
