"""The log integrity page: what is sealed, verify now, evidence to take away."""

import io
import zipfile

import pytest
from django.db import connection

from eventlog.seal import queries
from eventlog.tenancy import active_tenant
from evidence import tasks
from evidence.models import Job
from tenants.contracts import Role
from tests.conftest import client_of
from tests.eventlog.events import event


@pytest.fixture
def at_once(monkeypatch):
    """The worker does its work as soon as it is asked."""

    def delay(*, schema, job_id):
        tenant = connection.tenant
        tasks.run_job(schema=schema, job_id=job_id)
        connection.set_tenant(tenant)

    monkeypatch.setattr(tasks.run_job, "delay", delay)


@pytest.fixture
def owner(sealed):
    """A browser in which the tenant's owner is logged in; the tenant stays active."""
    connection.set_schema_to_public()
    client = client_of(sealed)
    connection.set_tenant(sealed)

    def ask(method, path, *arguments):
        answer = getattr(client, method)(path, *arguments)
        connection.set_tenant(sealed)
        return answer

    return ask


def test_it_shows_the_newest_checkpoint_and_the_history(owner):
    text = owner("get", "/log/").content.decode()
    assert "Newest checkpoint" in text
    assert queries.latest().note.splitlines()[2] in text
    assert text.count('aria-label="Save the checkpoint of') == 3


def test_an_empty_log_says_what_will_come(acme_owner_client):
    text = acme_owner_client.get("/log/").content.decode()
    assert "Nothing is sealed yet" in text


def test_verify_now_says_that_the_log_is_whole(owner, at_once):
    assert owner("post", "/log/verify/").status_code == 302
    text = owner("get", "/log/").content.decode()
    assert "All 300 sealed events and 3 checkpoints are what was signed." in text


def test_verify_now_names_what_is_damaged(owner, sealed):
    job = Job.objects.create(kind="verify", created_at=queries.latest().sealed_at)
    damage = {"kind": "missing", "leaf": 7, "event": str(event(7).id), "what": "It was deleted."}
    Job.objects.filter(pk=job.pk).update(
        status="done",
        finished_at=job.created_at,
        result={"damaged": 1, "damages": [damage], "verified": 300, "checkpoints": 3},
    )
    text = owner("get", "/log/").content.decode()
    assert str(event(7).id) in text
    assert "damaged" in text


def test_a_verification_under_way_is_not_started_twice(owner, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.run_job, "delay", lambda **values: asked.append(values))
    owner("post", "/log/verify/")
    owner("post", "/log/verify/")
    assert Job.objects.filter(kind="verify").count() == 1
    text = owner("get", "/log/").content.decode()
    assert 'hx-trigger="every 1s"' in text


def test_evidence_is_written_and_downloaded(owner, at_once):
    owner("post", "/log/export/", {"type": "test.happened", "from": "2026-11-20"})
    job = Job.objects.get(kind="export")
    answer = owner("get", f"/log/evidence/{job.pk}/")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as bundle:
        assert len(bundle.read("events.jsonl").splitlines()) == 300
    assert "evidence-1.zip" in owner("get", "/log/").content.decode()


def test_nothing_chosen_is_said_so(owner, at_once):
    owner("post", "/log/export/", {"type": "never.happened"})
    assert "No sealed event is what was asked for." in owner("get", "/log/").content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {"from": "yesterday"},
        {"to": "2026-13-40"},
        {"ids": "x"},
        {"since": "-1"},
        {"to": "9999-12-31"},
        {"ids": " ".join([str(event(1).id)] * 1001)},
    ],
)
def test_what_can_not_be_chosen_is_refused(owner, form):
    assert owner("post", "/log/export/", form).status_code == 400


def test_a_figures_link_leads_to_the_checkpoint_that_covers_it(owner):
    place = queries.at_size(110).cursor
    text = owner("get", f"/log/?xid={place.xid}&position={place.position}").content.decode()
    assert "Where your figure stands" in text
    assert "110 events" in text
    late = owner("get", f"/log/?xid={place.xid + 10**6}&position=1").content.decode()
    assert "not sealed yet" in late
    assert owner("get", "/log/?xid=x&position=1").status_code == 400


def test_a_checkpoint_can_be_kept(owner):
    answer = owner("get", "/log/checkpoints/110/")
    assert answer.content.decode() == queries.at_size(110).note
    assert owner("get", "/log/checkpoints/111/").status_code == 404


def test_the_history_is_a_csv_too(owner):
    lines = owner("get", "/log/?format=csv").content.decode().splitlines()
    assert lines[0] == "size,root,sealed_at,note"


@pytest.mark.parametrize(("role", "status"), [(Role.AUDITOR, 200), (Role.MARKETER, 403)])
def test_auditors_see_it_and_marketers_do_not(acme, acme_owner_client, role, status):
    acme.memberships.update(role=role)
    assert acme_owner_client.get("/log/").status_code == status


def test_another_tenants_bundle_is_not_there(owner, at_once, sealed):
    owner("post", "/log/export/", {})
    job = Job.objects.get(kind="export")
    from tenants.models import Tenant

    connection.set_schema_to_public()
    rival = client_of(Tenant.objects.get(slug="rival"))
    assert rival.get(f"/log/evidence/{job.pk}/").status_code == 404
    connection.set_tenant(sealed)
    assert active_tenant() == sealed.schema_name
