"""The import pages, from the upload to events in the log."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from eventlog import read
from ingest import tasks
from ingest.models import Import
from ingest.pages import imports

CSV = (
    b"customer_id,time,interaction,channel,conversion,conversion_value\n"
    b"c1,2026-11-01T10:00:00Z,click,Email,0,\n"
    b"c1,2026-11-02T10:00:00Z,click,Paid Search,1,25.5\n"
    b"c2,yesterday,click,Email,0,\n"
)


@pytest.fixture
def _uploads(settings, tmp_path):
    settings.UPLOADS = tmp_path


@pytest.fixture
def queued(monkeypatch):
    """What is handed to the worker, whose part the tests play by running the task."""
    calls = []
    task = SimpleNamespace(delay=lambda **call: calls.append(call))
    monkeypatch.setattr(imports, "tasks", SimpleNamespace(run_import=task))
    return calls


def upload(client, content=CSV, name="touches.csv", kind="touchpoints"):
    file = SimpleUploadedFile(name, content)
    return client.post("/import/", {"file": file, "kind": kind})


@pytest.mark.usefixtures("_uploads")
def test_it_previews_the_rows_with_a_guessed_mapping(acme_owner_client, acme, as_tenant):
    answer = upload(acme_owner_client)
    page = acme_owner_client.get(answer.url).content.decode()
    assert "<option selected>customer_id</option>" in page
    assert "2026-11-02T10:00:00Z" in page
    with as_tenant(acme):
        assert Import.objects.get().rows_total == 3


@pytest.mark.usefixtures("_uploads")
def test_it_imports_what_the_mapping_says_and_offers_the_rejected_rows(
    acme_owner_client, acme, as_tenant, queued
):
    where = upload(acme_owner_client).url
    with as_tenant(acme):
        mapping = Import.objects.get().mapping
    acme_owner_client.post(where, {f"field-{name}": column for name, column in mapping.items()})
    (call,) = queued
    tasks.run_import.run(**call)
    page = acme_owner_client.get(where).content.decode()
    assert "done" in page
    assert "Rejected rows as CSV" in page
    rejected = acme_owner_client.get(f"{where}rejected.csv").content.decode()
    assert "wrong_type" in rejected or "time" in rejected
    with as_tenant(acme):
        types = sorted(each.type for each in read.latest(limit=10))
    # Downloading the rejected rows was an act of a member, and is told as one.
    assert types == ["ad.click", "ad.click", "conversion.recorded", "tenant.exported"]


@pytest.mark.usefixtures("_uploads")
def test_it_says_what_the_mapping_lacks(acme_owner_client, queued):
    where = upload(acme_owner_client).url
    answer = acme_owner_client.post(where, {"field-channel": "channel"})
    assert answer.status_code == 400
    assert "time" in answer.content.decode()
    assert queued == []


@pytest.mark.usefixtures("_uploads")
@pytest.mark.parametrize(
    ("content", "name"), [(b"", "empty.csv"), (b"\x00\x01", "x.parquet"), (b"a", "x.docx")]
)
def test_it_says_that_a_file_cannot_be_read(acme_owner_client, content, name):
    answer = upload(acme_owner_client, content, name)
    assert answer.status_code == 400
    assert 'class="error"' in answer.content.decode()


@pytest.mark.usefixtures("_uploads")
def test_it_knows_a_file_it_has_seen(acme_owner_client):
    assert upload(acme_owner_client).url == upload(acme_owner_client).url


@pytest.mark.usefixtures("_uploads")
def test_it_shows_a_rival_no_import(acme_owner_client, rival_owner_client):
    where = upload(acme_owner_client).url
    assert rival_owner_client.get(where).status_code == 404
    assert rival_owner_client.get(f"{where}rejected.csv").status_code == 404


@pytest.mark.usefixtures("_uploads")
def test_it_keeps_why_an_import_stopped_and_goes_on_from_there(
    acme_owner_client, acme, as_tenant, queued
):
    where = upload(acme_owner_client).url
    with as_tenant(acme):
        job = Import.objects.get()
        columns = {f"field-{name}": column for name, column in job.mapping.items()}
    acme_owner_client.post(where, columns)
    with as_tenant(acme):
        Import.objects.update(path="/nowhere.csv")
    tasks.run_import.run(**queued.pop())
    assert "It stopped" in acme_owner_client.get(where).content.decode()
    with as_tenant(acme):
        Import.objects.update(path=job.path)
    acme_owner_client.post(f"{where}resume/")
    tasks.run_import.run(**queued.pop())
    assert "done" in acme_owner_client.get(where).content.decode()
