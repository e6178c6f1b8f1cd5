import io
import json
import zipfile
from datetime import timedelta
from functools import partial

import pytest

from eventlog import read
from kernel import clock
from kernel.ids import pseudonym
from tenants.contracts import Role
from tenants.models import Membership, User
from tenants.privacy import commands, exports, queries, tasks
from tenants.privacy.contracts import Kind, Step
from tenants.privacy.models import Export
from tests.conftest import client_of
from tests.sending import post_events

ADA = {
    "type": "custom.tracked", "name": "x", "anonymous_id": "ada",
    "properties": {"email": "ada@x.example"},
}  # fmt: skip


@pytest.fixture
def take(acme):
    """Take a request about ada; its id."""

    def act(kind=Kind.ACCESS):
        now = clock.now()
        subject = commands.subject_of(tenant=acme, id_kind="anonymous", value="ada")
        return commands.receive(
            tenant=acme, kind=kind, subject=subject, actor="0" * 32, reference="HD-1",
            received_on=now.date(), now=now,
        )  # fmt: skip

    return act


@pytest.fixture
def send(acme_key):
    return partial(post_events, acme_key)


@pytest.fixture
def known(acme, as_tenant):
    """A request as it stands."""

    def of(request_id):
        with as_tenant(acme):
            return queries.request(request_id)

    return of


def test_a_request_is_due_in_thirty_days_and_in_the_log(acme, take, known, as_tenant):
    found = known(take())

    assert found.due_on - found.received_on == timedelta(days=30)
    with as_tenant(acme):
        [event] = read.latest(limit=5)
    assert (event.type, str(event.id)) == ("privacy.requested", found.steps[0].event_id)
    assert "ada" not in event.payload


def test_the_page_takes_a_request_and_keeps_no_id(acme, acme_owner_client, as_tenant):
    form = {
        "kind": "access", "id_kind": "user", "value": "ada@x.example", "reference": "HD-7",
        "received_on": clock.now().date().isoformat(),
    }  # fmt: skip
    answer = acme_owner_client.post("/settings/privacy/", form, follow=True)

    assert b"Answer by" in answer.content
    with as_tenant(acme):
        [row] = queries.requests()
    assert row.subject == pseudonym(bytes(acme.secret), "u", "ada@x.example")
    assert b"HD-7" in acme_owner_client.get("/settings/privacy/").content


@pytest.mark.parametrize(
    "wrong",
    [{"received_on": "2999-01-01"}, {"reference": "Ada Lovelace"}, {"kind": "tea"}, {"value": " "}],
)
def test_the_page_says_what_is_wrong(acme_owner_client, wrong):
    form = {
        "kind": "access", "id_kind": "user", "value": "x", "reference": "",
        "received_on": clock.now().date().isoformat(),
    }  # fmt: skip
    answer = acme_owner_client.post("/settings/privacy/", form | wrong)

    assert b'role="alert"' in answer.content


def test_completing_an_erasure_erases(acme_owner_client, take, known, send):
    send(ADA)
    request_id = take(Kind.ERASURE)

    acme_owner_client.post(f"/settings/privacy/{request_id}/step/", {"step": "completed"})

    found = known(request_id)
    assert found.state == "completed"
    assert [step.step for step in found.steps] == ["received", "erased", "completed"]
    assert [each["code"] for each in send(ADA)["rejected"]] == ["subject_erased"]


def test_an_extension_gives_sixty_days_more(acme_owner_client, take, known):
    request_id = take()
    form = {"step": "extended", "reason": "complex"}
    acme_owner_client.post(f"/settings/privacy/{request_id}/step/", form)

    found = known(request_id)
    assert found.due_on - found.received_on == timedelta(days=90)


@pytest.mark.parametrize("form", [{"step": "refused"}, {"step": "erased"}, {"step": "x"}, {}])
def test_a_step_without_sense_is_refused(acme_owner_client, take, form):
    answer = acme_owner_client.post(f"/settings/privacy/{take()}/step/", form)

    assert answer.status_code == 400


def test_a_closed_request_stays_closed(acme, take):
    request_id, now = take(), clock.now()
    act = {"tenant": acme, "request_id": request_id, "actor": "0" * 32, "now": now}
    commands.take_step(**act, step=Step.COMPLETED)

    with pytest.raises(commands.AlreadyClosed):
        commands.take_step(**act, step=Step.COMPLETED)


@pytest.fixture
def make(acme_owner_client, django_capture_on_commit_callbacks, monkeypatch):
    """Have a request's data made, by the worker's own function; the address it lies at."""
    monkeypatch.setattr(tasks.make_export, "delay", tasks.make_export)

    def act(request_id):
        path = f"/settings/privacy/{request_id}/data/"
        with django_capture_on_commit_callbacks(execute=True):
            assert acme_owner_client.post(path).status_code == 302
        return path

    return act


def test_the_data_are_opened_for_a_program_and_for_a_person(
    acme_owner_client, take, send, known, make
):
    send(ADA, {**ADA, "anonymous_id": "bob", "properties": {"email": "bob@x.example"}})
    request_id = take()

    answer = acme_owner_client.get(make(request_id))

    file = zipfile.ZipFile(io.BytesIO(answer.content))
    found = json.loads(file.read("data.json"))
    [event] = [each for each in found["events"] if each["type"] == "custom.tracked"]
    assert event["personal"] == {"anonymous_id": "ada", "properties.email": "ada@x.example"}
    assert b"ada@x.example" in file.read("data.html")
    assert b"bob" not in file.read("data.json") + file.read("data.html")
    assert [step.step for step in known(request_id).steps] == ["received", "exported"]


def test_what_was_made_is_sealed_and_goes_with_the_request(
    acme, acme_owner_client, as_tenant, take, send, make
):
    send(ADA)
    request_id = take()
    path = make(request_id)
    with as_tenant(acme):
        made = Export.objects.get()
        assert (made.status, made.done) == ("done", made.total)
        assert b"ada@x.example" not in bytes(made.sealed)
        assert not zipfile.is_zipfile(io.BytesIO(bytes(made.sealed)))

    commands.take_step(
        tenant=acme, request_id=request_id, step=Step.COMPLETED, actor="0" * 32, now=clock.now()
    )

    assert acme_owner_client.get(path).status_code == 404
    with as_tenant(acme):
        assert not Export.objects.exists()


def test_it_is_kept_for_a_week(acme, acme_owner_client, as_tenant, take, make):
    path = make(take())
    with as_tenant(acme):
        assert exports.forget_old(now=clock.now() + timedelta(days=6)) == 0
        assert acme_owner_client.get(path).status_code == 200
    with as_tenant(acme):
        assert exports.forget_old(now=clock.now() + timedelta(days=8)) == 1
    assert acme_owner_client.get(path).status_code == 404


def test_the_page_says_how_far_it_is(acme, acme_owner_client, as_tenant, take, monkeypatch):
    request_id = take()
    page = f"/settings/privacy/{request_id}/"
    assert acme_owner_client.get(f"{page}data/").status_code == 404
    monkeypatch.setattr(tasks.make_export, "delay", lambda **_: None)
    acme_owner_client.post(f"{page}data/")
    assert "begins in a moment" in acme_owner_client.get(page).content.decode()
    with as_tenant(acme):
        Export.objects.update(status="running", done=3, total=12)
    assert "3 of 12 weeks" in acme_owner_client.get(page).content.decode()
    with as_tenant(acme):
        Export.objects.update(status="failed")
    assert "could not be made" in acme_owner_client.get(page).content.decode()


def test_what_fails_is_written_down(acme, as_tenant, take, monkeypatch, acme_owner_client):
    request_id = take()
    monkeypatch.setattr(tasks.make_export, "delay", lambda **_: None)
    acme_owner_client.post(f"/settings/privacy/{request_id}/data/")

    def broken(**asked):
        raise ZeroDivisionError

    monkeypatch.setattr(exports.export, "document", broken)
    with as_tenant(acme):
        with pytest.raises(ZeroDivisionError):
            exports.make(request_id=request_id, organisation="Acme", now=clock.now())
        assert Export.objects.get().status == "failed"


@pytest.mark.parametrize(
    ("role", "status"), [(Role.AUDITOR, 200), (Role.ANALYST, 403), (Role.MARKETER, 403)]
)
def test_owners_and_auditors_see_it(acme, role, status):
    user = User.objects.create_user(email="x@x.example", password="x")
    Membership.objects.create(tenant=acme, user=user, role=role, created_at=clock.now())

    assert client_of(acme, user).get("/settings/privacy/").status_code == status


def test_a_rival_sees_nothing_of_it(rival_owner_client, take):
    request_id = take()

    assert rival_owner_client.get(f"/settings/privacy/{request_id}/").status_code == 404
    assert b"HD-1" not in rival_owner_client.get("/settings/privacy/").content
    for ask in (rival_owner_client.post, rival_owner_client.get):
        assert ask(f"/settings/privacy/{request_id}/data/").status_code == 404
