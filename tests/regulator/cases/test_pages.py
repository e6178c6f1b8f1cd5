"""What officers, auditors and rivals see and do on the pages of cases and of the audit."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import OperationalError, connection

from eventlog.seal import sealer
from eventlog.subscriptions import catch_up
from kernel import clock
from regulator import access, queries_cases
from regulator.cases import projection
from tenants import acts
from tenants.contracts import Role
from tenants.models import Membership, User
from tests.conftest import client_of
from tests.eventlog.events import settle
from tests.regulator.told import project, stake

ABOUT = {
    "kind": "finding", "id": "lucky feed_differs", "operator": "lucky",
    "title": "The return is not what was sent", "text": "2.00 EUR", "started_at": "2026-03-01",
    "ended_at": "2026-03-01",
}  # fmt: skip


def browser(authority, role=None):
    """A browser of the owner, or of a new member of ``role``."""
    connection.set_schema_to_public()
    user = None
    if role is not None:
        user = User.objects.create_user(email=f"{role}@x.example", password="x", name=role.title())
        Membership.objects.create(tenant=authority, user=user, role=role, created_at=clock.now())
    client = client_of(authority, user)
    connection.set_tenant(authority)
    return client


@pytest.fixture
def owner(authority):
    return browser(authority)


@pytest.fixture
def ask(authority):
    """Get a page of ``client``, or post to it; the authority is active again afterwards."""

    def at(client, path, data=None):
        answer = client.get(path) if data is None else client.post(path, data)
        connection.set_tenant(authority)
        return answer

    return at


def caught_up():
    settle()
    catch_up(projection.NAME)
    sealer.catch_up(now=clock.now())


def open_case(ask, client, about=ABOUT, title="Off by two"):
    answer = ask(client, "/cases/open/", {"title": title, "about": json.dumps(about)})
    assert answer.status_code == 302, answer.context["form"].errors
    caught_up()
    return answer.headers["Location"]


def test_a_case_goes_from_a_finding_to_a_decision(owner, ask, authority):
    assert "No case yet" in ask(owner, "/cases/").content.decode()
    form = ask(owner, f"/cases/open/?about={json.dumps(ABOUT)}")
    assert form.context["form"].initial["title"] == ABOUT["title"]
    path = open_case(ask, owner, title="Off <b>by</b> two")
    page = ask(owner, path).content.decode()
    assert "Off &lt;b&gt;by&lt;/b&gt; two" in page
    assert "1 Mar 2026, 00:00 to 2 Mar 2026, 00:00" in page

    me = acts.pseudonym(authority, authority.memberships.order_by("pk").first().user)
    due = str(clock.now().date() + timedelta(days=5))
    for step in (
        {"step": "assign", "officer": me, "seen": 1},
        {"step": "request", "question": "Why?", "due": due, "seen": 2},
        {"step": "receive", "text": "A slip.", "received": str(clock.now().date()), "seen": 3},
        {"step": "decide", "outcome": "fine", "amount": "1234.50", "reasons": "So.", "seen": 4},
    ):
        answer = ask(owner, f"{path}step/", step)
        assert answer.status_code == 302, answer.content.decode()
    caught_up()
    page = ask(owner, path).content.decode()
    assert "Fine of 1,234.50 EUR" in page
    assert page.index("Decided a case") < page.index("Entered an explanation")
    assert 'value="appeal"' in page
    assert 'value="request"' not in page
    csv = ask(owner, "/cases/?format=csv").content.decode()
    assert "lucky,decided,Olga," in csv
    assert "Fine,123450,EUR" in csv


def test_a_step_that_cant_be_taken_keeps_what_was_typed(owner, ask):
    path = open_case(ask, owner)

    refused = ask(owner, f"{path}step/", {"step": "close", "reasons": "My long words", "seen": 1})
    assert refused.status_code == 409
    assert "My long words" in refused.content.decode()
    stale = ask(owner, f"{path}step/", {"step": "decide", "outcome": "warning", "seen": 7,
                                        "reasons": "Typed with care"})  # fmt: skip
    assert (stale.status_code, "Typed with care" in stale.content.decode()) == (409, True)
    unfined = {"step": "decide", "outcome": "fine", "amount": "", "reasons": "x", "seen": 1}
    assert ask(owner, f"{path}step/", unfined).context["forms"][1]["form"].errors["amount"]
    assert ask(owner, f"{path}step/", {"step": "fly"}).status_code == 400
    assert ask(owner, f"{path}step/", {"step": "decide"}).status_code == 400


@pytest.mark.parametrize(
    "about", ["{", "[]" * 9, '{"kind": "anomaly"}', '{"kind": "x", "id": 1}', "[1]", '"a"',
              json.dumps({**ABOUT, "started_at": "soon"}), json.dumps([ABOUT] * 51),
              json.dumps({**ABOUT, "ended_at": "2020-01-01"})],
)  # fmt: skip
def test_a_link_that_says_nothing_is_refused(owner, ask, about):
    assert ask(owner, f"/cases/open/?about={about}").status_code == 400


def test_an_open_case_about_the_same_is_pointed_to(owner, ask):
    path = open_case(ask, owner)
    page = ask(owner, f"/cases/open/?about={json.dumps(ABOUT)}").content.decode()
    assert f'href="{path}"' in page


def test_an_auditor_reads_searches_and_exports_but_changes_no_case(owner, ask, authority):
    path = open_case(ask, owner)
    auditor = browser(authority, Role.AUDITOR)

    page = ask(auditor, path).content.decode()
    assert "Your role may look at cases, not change them." in page
    assert ask(auditor, "/cases/open/").status_code == 403
    note = {"step": "note", "text": "x", "seen": 1}
    assert ask(auditor, f"{path}step/", note).status_code == 403
    assert ask(auditor, "/audit/").status_code == 200
    assert ask(auditor, f"{path}evidence/", {}).status_code == 302
    days = {"operator": "lucky", "from": "2026-03-01", "to": "2026-03-02"}
    assert ask(auditor, "/audit/evidence/", days).status_code == 302
    assert ask(auditor, "/audit/evidence/", {**days, "from": "2026-03-05"}).status_code == 400
    assert ask(auditor, "/audit/evidence/", {**days, "operator": "x"}).status_code == 404
    analyst = browser(authority, Role.ANALYST)
    assert ask(analyst, f"{path}step/", note).status_code == 302
    assert ask(analyst, "/audit/").status_code == 403


def test_the_log_is_searched_by_type_operator_player_person_id_and_days(
    owner, ask, authority, lucky
):
    now = clock.now()
    lucky(stake(1, at=now - timedelta(hours=1), player="anna"),
          stake(2, at=now - timedelta(hours=1), player="bert"))  # fmt: skip
    project()
    open_case(ask, owner)

    def found(**asked):
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        return [row["event"] for row in ask(owner, f"/audit/?{query}").context["rows"]]

    assert [each.type for each in found(type="gaming.case_opened")] == ["gaming.case_opened"]
    (anna,) = found(player="anna", operator="lucky")
    assert [each.id for each in found(player=anna.subject)] == [anna.id]
    assert [each.id for each in found(player="anna")] == [anna.id]
    assert [each.id for each in found(id=anna.id)] == [anna.id]
    assert found(player="anna", operator="other") == []
    me = acts.pseudonym(authority, authority.memberships.order_by("pk").first().user)
    assert "gaming.case_opened" in {each.type for each in found(actor=me)}
    assert found(**{"from": "2020-01-01", "to": "2020-01-02"}) == []
    assert ask(owner, "/audit/?id=7").status_code == 400
    assert ask(owner, "/audit/?from=soon").status_code == 400
    assert b"gaming.stake" in ask(owner, "/audit/?format=csv&type=gaming.stake").content

    page = ask(owner, f"/audit/{anna.id}/")
    assert "leaf" in page.content.decode()
    proof = json.loads(ask(owner, f"/audit/{anna.id}/?format=json").content)
    assert json.loads(proof["event"])["payload"]["sequence"] == 1
    assert ask(owner, f"/audit/{UUID(int=9)}/").status_code == 404


def test_who_looked_at_what_is_noted_once_a_day(owner, ask, authority):
    path = open_case(ask, owner)
    for _ in range(2):
        ask(owner, path)
        ask(owner, "/operators/lucky/")
    ask(owner, "/cases/")
    settle()

    rows = ask(owner, "/audit/?type=gaming.page_viewed").context["rows"]
    assert sorted((row["who"], dict(row["details"])["page"]) for row in rows) == [
        ("Olga", "case-file"), ("Olga", "operator"),
    ]  # fmt: skip
    trail = ask(owner, "/settings/audit/").content.decode()
    assert "Looked at a page" in trail


def test_a_look_that_could_not_be_noted_is_noted_the_next_time(owner, ask, authority, monkeypatch):
    path = open_case(ask, owner)
    with monkeypatch.context() as broken:
        broken.setattr(access, "append", _away)
        with pytest.raises(OperationalError):
            ask(owner, path)
    ask(owner, path)
    settle()

    rows = ask(owner, "/audit/?type=gaming.page_viewed").context["rows"]
    assert [dict(row["details"])["page"] for row in rows] == ["case-file"]


def _away(*_, **__):
    raise OperationalError("the database is away")


def test_programs_read_cases_too(owner, ask, authority):
    from django.test import Client

    from tests.conftest import _key

    open_case(ask, owner)
    connection.set_schema_to_public()
    key = _key(authority, "read")
    answer = Client().get(
        "/api/v1/regulator/cases?state=open&operator=lucky",
        headers={"authorization": f"Bearer {key}"},
    )
    connection.set_tenant(authority)
    (told,) = answer.json()["cases"]
    assert (told["operator"], told["state"], told["decision"]) == ("lucky", "open", None)
    assert told["about"][0]["title"] == ABOUT["title"]
    assert queries_cases.cases().items[0].id == told["id"]
