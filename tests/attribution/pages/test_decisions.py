"""Rules, rejections and merged conversions in the portal: shown, changed, refused."""

import uuid

import pytest

from attribution import handlers, queries
from attribution.models import Journey
from eventlog import read
from kernel import clock
from tenants.contracts import Role
from tenants.models import Membership, User
from tests.attribution.stories import click, purchase, rejected, source_rejected
from tests.conftest import client_of

FORM = {
    "lookback_days": "45",
    "window_channel": ["Email", ""],
    "window_type": ["", ""],
    "window_days": ["7", ""],
    "views_count": "on",
    "views_days": "",
    "min_seconds": "0",
    "clicks_win": "never",
    "shared_devices": "latest",
    "sources": "crm\n pixel \n",
    "minutes": "30",
}


@pytest.fixture
def story(acme, as_tenant):
    with as_tenant(acme):
        handlers.handle(
            [
                click(1001, "ann", 1, "Display"),
                click(1002, "ann", 2),
                purchase(1003, "ann", 3, 10.0, order="o-1", source="pixel"),
                purchase(1004, "ann", 3, 10.0, order="o-1", source="crm"),
                rejected(1005, [1001]),
                source_rejected(1006, "badnet"),
            ]
        )


@pytest.fixture
def marketer_client(acme):
    user = User.objects.create_user(email="m@acme.example", password="x", name="Mara")
    Membership.objects.create(tenant=acme, user=user, role=Role.MARKETER, created_at=clock.now())
    return client_of(acme, user)


def newest(acme, as_tenant):
    with as_tenant(acme):
        return read.latest(limit=1)[0]


def test_the_defaults_are_shown(acme_owner_client):
    text = acme_owner_client.get("/settings/journeys/").content.decode()

    assert 'value="30"' in text
    assert "Nobody has set any" in text


def test_rules_are_saved_as_an_event(acme, acme_owner_client, as_tenant):
    answer = acme_owner_client.post("/settings/journeys/", FORM)

    assert answer.status_code == 302
    event = newest(acme, as_tenant)
    assert event.type == "attribution.rules_set"
    with as_tenant(acme):
        handlers.handle([event])
        rules = queries.rules()
    assert rules.rules.lookback_days == 45
    assert [(each.channel, each.days) for each in rules.rules.windows] == [("Email", 7)]
    assert rules.rules.merging.sources == ("crm", "pixel")
    assert rules.pending


def test_progress_is_shown_until_it_is_done(acme, acme_owner_client, as_tenant, story):
    acme_owner_client.post("/settings/journeys/", FORM)
    with as_tenant(acme):
        handlers.handle([newest(acme, as_tenant)])
        handlers.settle()
    assert "cut anew" in acme_owner_client.get("/settings/journeys/").content.decode()

    with as_tenant(acme):
        while handlers.settle():
            pass
    assert "are being cut anew" not in acme_owner_client.get("/settings/journeys/").content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [({"lookback_days": "0"}, "1 to 365"), ({"lookback_days": "x"}, "are numbers"),
     ({"clicks_win": "odd"}, "are numbers"), ({"min_seconds": "nan"}, "between 0 and 600")],
)  # fmt: skip
def test_rules_that_cannot_be_meant_come_back_with_why(acme_owner_client, change, words):
    answer = acme_owner_client.post("/settings/journeys/", FORM | change)

    assert answer.status_code == 400
    assert words in answer.content.decode()


@pytest.mark.parametrize("path", ["/settings/journeys/", "/rejections/"])
def test_a_marketer_looks_and_does_not_change(marketer_client, path):
    assert marketer_client.get(path).status_code == 200
    assert marketer_client.post(path, FORM | {"source": "x", "reason": "x"}).status_code == 403


@pytest.mark.usefixtures("story")
def test_a_rejection_shows_before_after_and_the_money_moved(acme_owner_client):
    text = acme_owner_client.get(
        f"/rejections/{uuid.UUID(int=1005)}/?model=linear"
    ).content.decode()

    assert "a farm" in text
    assert "5.00" in text  # what Display loses under linear
    assert "/journeys/ann/" in text


@pytest.mark.usefixtures("story")
def test_every_number_that_changed_is_in_the_csv(acme_owner_client):
    answer = acme_owner_client.get(f"/rejections/{uuid.UUID(int=1005)}/?format=csv")

    lines = answer.content.decode().splitlines()
    assert lines[0].startswith("day,conversion_type,segment,dimension")
    assert any("Display,linear,0.5,0.0,5.0,0.0" in line for line in lines)


def test_an_unknown_decision_is_not_found(acme_owner_client):
    assert acme_owner_client.get(f"/rejections/{uuid.uuid4()}/").status_code == 404


@pytest.mark.usefixtures("story")
def test_a_model_that_is_no_sum_is_refused(acme_owner_client):
    answer = acme_owner_client.get(f"/rejections/{uuid.UUID(int=1005)}/?model=markov")

    assert answer.status_code == 400


@pytest.mark.usefixtures("story")
def test_a_touch_is_rejected_from_its_journey(acme, acme_owner_client, as_tenant):
    page = acme_owner_client.get("/journeys/ann/").content.decode()
    assert f"/rejections/?touch={uuid.UUID(int=1002)}" in page

    sent = {"touches": str(uuid.UUID(int=1002)), "reason": "a bot"}
    assert acme_owner_client.post("/rejections/", sent).status_code == 302

    with as_tenant(acme):
        handlers.handle([newest(acme, as_tenant)])
        assert Journey.objects.get(id=1003).positions == []


@pytest.mark.usefixtures("story")
def test_a_source_is_rejected_and_taken_back(acme, acme_owner_client, as_tenant):
    sent = {"source": "email", "start": "2026-09-01", "end": "", "reason": "a farm"}
    acme_owner_client.post("/rejections/", sent)
    event = newest(acme, as_tenant)
    assert event.type == "source.rejected"
    with as_tenant(acme):
        handlers.handle([event])
        assert Journey.objects.get(id=1003).positions == []

    acme_owner_client.post("/rejections/", {"rejection": str(event.id), "reason": "they proved it"})
    with as_tenant(acme):
        handlers.handle([newest(acme, as_tenant)])
        assert Journey.objects.get(id=1003).positions == [1002]


@pytest.mark.parametrize(
    "sent",
    [{"source": "x", "reason": ""}, {"source": "", "reason": "y"}, {"touches": "z", "reason": "y"},
     {"source": "x", "reason": "y", "start": "2026-09-02", "end": "2026-09-01"},
     {"source": "x", "reason": "y", "start": "soon"}],
)  # fmt: skip
def test_a_decision_that_cannot_be_meant_is_refused(acme_owner_client, sent):
    assert acme_owner_client.post("/rejections/", sent).status_code == 400


@pytest.mark.usefixtures("story")
def test_merged_reports_are_listed(acme_owner_client):
    text = acme_owner_client.get("/conversions/merged/").content.decode()

    assert "o-1" in text
    assert "same order" in text
    lines = acme_owner_client.get("/conversions/merged/?format=csv").content.decode().splitlines()
    assert len(lines) == 2


@pytest.mark.parametrize("path", ["/rejections/", "/conversions/merged/"])
def test_an_empty_list_says_what_it_is_for(acme_owner_client, path):
    assert 'class="empty"' in acme_owner_client.get(path).content.decode()


def test_a_cursor_of_another_list_is_refused(acme_owner_client):
    assert acme_owner_client.get("/rejections/?cursor=zzz").status_code == 400
