"""Cases: projected from decisions, read by page and API, rebuilt to the same."""

import csv
import uuid
from datetime import timedelta

import pytest

from eventlog import canonical
from fraud.cases import projection, queries
from fraud.contracts import EventFraud, Verdict
from fraud.scoring import policy
from fraud.scoring.decide import Policy
from kernel.errors import InvalidInput, NotFound
from kernel.paging import InvalidCursor
from tests.fraud.cases.told import START, scored

BOT = {"ctit": float("nan"), "emulator": 1.0, "kind": 2.0}
PATH = "/api/v1/fraud/cases"


@pytest.fixture
def told(acme, as_tenant):
    """Acme with five cases: four injections and a bot, the newest."""
    with as_tenant(acme):
        projection.handle([*(scored(number) for number in range(1, 5)), scored(5, **BOT)])
    return acme


def test_a_decision_becomes_a_case(told, as_tenant):
    with as_tenant(told):
        found = queries.case(uuid.UUID(int=1))

    assert (found.verdict, found.kind) == (Verdict.BLOCK, EventFraud.CLICK_INJECTION)
    assert found.reasons[0][0].startswith("0.3 s from click to install; people take")
    assert found.record.features["ctit"] == 0.3


def test_a_decision_told_again_is_the_same_case(told, as_tenant):
    with as_tenant(told):
        projection.handle([scored(1), scored(1)])
        assert len(queries.cases().items) == 5


def test_a_rebuild_comes_to_the_same(told, as_tenant):
    with as_tenant(told):
        before = queries.cases().items
        projection.reset()
        assert queries.cases().items == []
        for number in range(1, 5):
            projection.handle([scored(number)])
        projection.handle([scored(5, **BOT)])
        assert queries.cases().items == before


def test_it_pages_and_filters(told, as_tenant):
    with as_tenant(told):
        first = queries.cases(limit=3)
        rest = queries.cases(limit=3, cursor=first.next_cursor)
        assert [int(uuid.UUID(each.event)) for each in first.items] == [5, 4, 3]
        assert [int(uuid.UUID(each.event)) for each in rest.items] == [2, 1]
        assert rest.next_cursor is None
        assert len(queries.cases(kind="bot").items) == 1
        assert queries.cases(verdict="review").items == []
        assert queries.counts() == {"click_injection": 4, "bot": 1}


def test_what_is_no_filter_is_refused(told, as_tenant):
    with as_tenant(told):
        with pytest.raises(InvalidInput):
            queries.cases(kind="moon")
        with pytest.raises(InvalidCursor):
            queries.cases(cursor="nonsense")
        with pytest.raises(NotFound):
            queries.case(uuid.UUID(int=99))


@pytest.mark.usefixtures("told")
def test_the_api_gives_cases_to_their_tenant_alone(client, acme_key, rival_key):
    def get(key, **query):
        return client.get(PATH, query, headers={"Authorization": f"Bearer {key}"})

    mine = get(acme_key, limit=2).json()
    assert [each["kind"] for each in mine["cases"]] == ["bot", "click_injection"]
    assert get(acme_key, cursor=mine["next_cursor"]).json()["cases"]
    assert get(rival_key).json()["cases"] == []
    assert get(acme_key, verdict="maybe").json()["code"] == "invalid_parameters"
    assert get(acme_key, cursor="x").json()["code"] == "invalid_cursor"


@pytest.mark.usefixtures("told")
def test_the_page_lists_them_with_their_reasons(acme_owner_client):
    page = acme_owner_client.get("/fraud/cases/").content.decode()

    assert "0.3 s from click to install" in page
    assert "Click injection (4)" in page
    assert "Events are not scored as they come" in page
    assert "style=" not in page


@pytest.mark.usefixtures("told")
def test_the_page_downloads(acme_owner_client):
    answer = acme_owner_client.get("/fraud/cases/?format=csv&kind=bot")
    (row,) = csv.DictReader(answer.content.decode().splitlines())
    assert (row["kind"], row["verdict"]) == ("bot or emulator", "block")


@pytest.mark.usefixtures("told")
def test_a_case_shows_what_it_was_made_from(acme_owner_client):
    answer = acme_owner_client.get(f"/fraud/cases/{uuid.UUID(int=1)}/")
    page = answer.content.decode()

    assert answer.context["same"] is True
    assert "<code>ctit</code>" in page
    assert "Do not pay for it." in page
    assert acme_owner_client.get(f"/fraud/cases/{uuid.UUID(int=99)}/").status_code == 404


@pytest.mark.usefixtures("told")
def test_a_rival_sees_no_case(rival_owner_client):
    assert rival_owner_client.get(f"/fraud/cases/{uuid.UUID(int=1)}/").status_code == 404
    assert b"No event stood out" in rival_owner_client.get("/fraud/cases/").content


def test_the_policy_is_changed_on_its_page(acme, acme_owner_client, as_tenant):
    sent = {"on": "on", "review": "50", "block": "90", "injected_click.ctit.below": "2.5"}

    answer = acme_owner_client.post("/fraud/scoring/", sent)

    assert answer.status_code == 302
    with as_tenant(acme):
        kept = policy.current()
    own = {"injected_click.ctit.below": 2.5}
    assert kept == Policy(on=True, review=50, block=90, thresholds=own)
    page = acme_owner_client.get("/fraud/scoring/").content.decode()
    assert "yours; usual 3" in page
    policy._remembered.clear()


@pytest.mark.parametrize(
    "sent",
    [
        {"review": "90", "block": "10"}, {"review": "x", "block": "80"}, {},
        {"review": "60", "block": "80", "injected_click.ctit.below": "inf"},
    ],
)  # fmt: skip
def test_a_policy_that_can_not_be_is_said(acme_owner_client, sent):
    answer = acme_owner_client.post("/fraud/scoring/", sent)

    assert answer.status_code == 400


def test_who_may_not_decide_may_not_change_it(acme, stranger_client):
    assert stranger_client.get("/fraud/scoring/").status_code in (302, 403, 404)


def told_of(number, type, **body):
    """Another stored event, behind the decisions."""
    payload = canonical.encode(body).decode()
    return scored(number)._replace(type=type, payload=payload)


def test_cases_of_whom_was_erased_go(told, as_tenant):
    erased = told_of(9, "subject.erased", subjects=[f"{2:032x}"], requested_by="x", reason="asked")
    with as_tenant(told):
        projection.handle([erased])
        assert [int(uuid.UUID(each.event)) for each in queries.cases().items] == [5, 4, 3, 1]
        # In one batch with the decision, as a rebuild reads them: what came before goes.
        projection.handle([scored(2), erased, scored(6)])
        assert {int(uuid.UUID(each.event)) for each in queries.cases().items} == {1, 3, 4, 5, 6}


def test_cases_older_than_a_tenant_keeps_go(told, as_tenant):
    before = (START + timedelta(minutes=4)).isoformat()
    with as_tenant(told):
        projection.handle([told_of(9, "log.expired", before=before, events=3)])
        assert [int(uuid.UUID(each.event)) for each in queries.cases().items] == [5, 4]
