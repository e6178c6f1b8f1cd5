"""The pages of rings: the list, the graph, labelling all at once, who may see and do what."""

import csv
import re
import uuid

import pytest

from fraud.models import Label
from kernel import clock
from tenants.contracts import Role
from tenants.models import Membership, User
from tests.conftest import client_of
from tests.fraud.labels.test_labels import project
from tests.fraud.rings.told import keep, shelf

PAGE = "/fraud/rings/"


@pytest.fixture
def ring(farm, acme_owner_client):
    """The address of the farm's page."""
    return acme_owner_client.get(PAGE).context["rings"][0]["ring"].id


@pytest.fixture
def auditor(acme):
    """A browser of a member who may look."""
    user = User.objects.create_user(email="ann@acme.example", password="x", name="Ann")
    Membership.objects.create(tenant=acme, user=user, role=Role.AUDITOR, created_at=clock.now())
    return client_of(acme, user)


def test_without_a_ring_it_says_what_one_is(acme_owner_client):
    page = acme_owner_client.get(PAGE).content.decode()

    assert "No ring was found" in page
    assert "ten suspicious events" in page


@pytest.mark.usefixtures("farm")
def test_the_list_has_size_kinds_value_and_a_download(acme_owner_client):
    answer = acme_owner_client.get(PAGE)
    page = answer.content.decode()
    (row,) = csv.DictReader(
        acme_owner_client.get(f"{PAGE}?format=csv").content.decode().splitlines()
    )

    assert "6 persons, 6 devices, 1 address" in re.sub(r"\s+", " ", page)
    assert "Device farm" in page
    assert "€12.00" in page
    assert "style=" not in page
    assert (row["events"], row["devices"], row["kinds"]) == ("12", "6", "device farm 12")


def test_a_ring_is_drawn_and_told_in_a_table(ring, acme_owner_client):
    answer = acme_owner_client.get(f"{PAGE}{ring}/")
    page = answer.content.decode()
    drawn = answer.context["drawing"]

    sorts = [each.sort for each in drawn.shapes]
    assert [sorts.count(each) for each in ("subject", "device", "agent", "ip", "publisher")] == [
        6, 6, 1, 1, 1,
    ]  # fmt: skip
    assert (len(drawn.lines), drawn.left_out) == (14, ())
    assert page.count('class="ring-member') == page.count('<tr id="member-') == 15
    assert "<title>address " in page
    assert "style=" not in page
    assert page.count("/fraud/cases/0000") == 12


def test_a_large_ring_is_drawn_in_part_and_the_rest_said(farm, as_tenant, acme_owner_client):
    with as_tenant(farm):
        keep(shelf(devices=90, each=1, first=1_000), end=clock.now())
    name = acme_owner_client.get(PAGE).context["rings"][0]["ring"].id

    answer = acme_owner_client.get(f"{PAGE}{name}/")

    sorts = [each.sort for each in answer.context["drawing"].shapes]
    assert (len(sorts), sorts.count("device"), sorts.count("subject")) == (120, 59, 58)
    assert "The 120 members seen most are drawn" in answer.content.decode()


@pytest.mark.parametrize(("said", "fraud"), [("1", True), ("0", False)])
def test_all_of_a_ring_is_labelled_at_once_and_taken_back(
    farm, ring, acme_owner_client, as_tenant, said, fraud
):
    path = f"{PAGE}{ring}/"
    answer = acme_owner_client.post(path, {"fraud": said, "note": "a shelf"}, follow=True)

    word = "fraud" if fraud else "honest"
    assert f"12 cases labelled {word}." in answer.content.decode()
    # The read model does not know yet; the page does.
    assert (answer.context["left"], answer.context["undo"]) == (0, True)
    again = acme_owner_client.post(path, {"fraud": said}, follow=True)
    assert "labelled already" in again.content.decode()
    with as_tenant(farm):
        project()
        kinds = {"device_farm" if fraud else ""}
        assert Label.objects.filter(fraud=fraud, note="a shelf").count() == 12
        assert set(Label.objects.values_list("kind", flat=True)) == kinds

    answer = acme_owner_client.post(f"{path}undo/", follow=True)

    assert (answer.context["left"], answer.context["undo"]) == (0, False)
    with as_tenant(farm):
        project()
        assert not Label.objects.exists()
    assert acme_owner_client.get(path).context["left"] == 12


def test_what_somebody_labelled_keeps_its_label(farm, ring, acme_owner_client, as_tenant):
    with as_tenant(farm):
        Label.objects.create(
            event=uuid.UUID(int=1), actor="b" * 32, at=clock.now(), subject="", fraud=False
        )

    answer = acme_owner_client.post(f"{PAGE}{ring}/", {"fraud": "1"}, follow=True)

    assert "11 cases labelled fraud." in answer.content.decode()


def test_a_word_that_is_none_is_refused(ring, acme_owner_client):
    assert acme_owner_client.post(f"{PAGE}{ring}/", {"fraud": "maybe"}).status_code == 400


def test_what_is_undone_is_what_was_said_of_this_ring(farm, ring, acme_owner_client, as_tenant):
    with as_tenant(farm):
        keep(shelf(ip=901, first=500), end=clock.now())
    other = [each["ring"].id for each in acme_owner_client.get(PAGE).context["rings"]]
    other.remove(ring)
    acme_owner_client.post(f"{PAGE}{ring}/", {"fraud": "1"})

    acme_owner_client.post(f"{PAGE}{other[0]}/undo/")

    with as_tenant(farm):
        project()
        assert Label.objects.count() == 12


def test_a_case_leads_to_its_ring(ring, acme_owner_client):
    page = acme_owner_client.get(f"/fraud/cases/{uuid.UUID(int=1)}/").content.decode()

    assert f'href="{PAGE}{ring}/"' in page


def test_the_cases_of_a_ring_download(ring, acme_owner_client):
    answer = acme_owner_client.get(f"{PAGE}{ring}/?format=csv")

    assert len(list(csv.DictReader(answer.content.decode().splitlines()))) == 12


def test_who_may_look_may_not_label(ring, auditor, farm, as_tenant):
    shown = auditor.get(f"{PAGE}{ring}/")

    assert shown.status_code == 200
    assert "Label all" not in shown.content.decode()
    assert auditor.post(f"{PAGE}{ring}/", {"fraud": "1"}).status_code == 403
    assert auditor.post(f"{PAGE}{ring}/undo/").status_code == 403
    with as_tenant(farm):
        project()
        assert not Label.objects.exists()


def test_a_rival_finds_no_such_ring(ring, rival_owner_client):
    assert rival_owner_client.get(f"{PAGE}{ring}/").status_code == 404
    assert rival_owner_client.post(f"{PAGE}{ring}/", {"fraud": "1"}).status_code == 404
    assert "No ring was found" in rival_owner_client.get(PAGE).content.decode()
