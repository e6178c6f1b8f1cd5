"""``manage.py import``: what a user types, what is said, and going on after a stop."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from eventlog import read
from ingest.imports import run
from ingest.models import Import

ROWS = 4_500
HEAD = "who,when,what\n"


@pytest.fixture(autouse=True)
def _state(settings, tmp_path):
    settings.UPLOADS = tmp_path / "uploads"


@pytest.fixture
def file(tmp_path):
    """Three batches of clicks, a row in a hundred without a time."""
    path = tmp_path / "touches.csv"
    lines = (
        f"c{n % 90},{'' if n % 100 == 7 else f'2026-10-{1 + n % 28:02d}T10:00:00Z'},Email"
        for n in range(ROWS)
    )
    path.write_text(HEAD + "\n".join(lines) + "\n")
    return path


def imported(file, *options, tenant="acme", kind="touchpoints"):
    out = io.StringIO()
    columns = ["subject=who", "time=when", "channel=what"]
    arguments = ["--tenant", tenant, "--as", kind, "--map", *columns, *options]
    call_command("import", str(file), *arguments, stdout=out)
    return out.getvalue()


def count(tenant, as_tenant):
    with as_tenant(tenant):
        return len(read.latest(limit=10_000))


def test_it_imports_and_sums_up_with_the_reasons(acme, rival, file, as_tenant):
    said = imported(file)
    assert "4,500 rows: 4,455 new events, 0 already there, 45 rejected." in said
    assert "missing_field: 45" in said
    rejects = said.rsplit("The rejected rows and why: ", 1)[1].strip()
    assert len(Path(rejects).read_text().splitlines()) == 46
    assert count(acme, as_tenant) == 4_455
    assert count(rival, as_tenant) == 0


def test_running_it_again_adds_nothing(acme, file, as_tenant):
    imported(file)
    assert "4,455 new events" in imported(file)
    assert count(acme, as_tenant) == 4_455
    with as_tenant(acme):
        assert Import.objects.count() == 1


def test_a_stopped_import_goes_on_behind_its_last_batch(acme, file, as_tenant, monkeypatch):
    before, batches = run._batch, []

    def stopped(job, chunk, *rest):
        if len(batches) == 2:
            raise KeyboardInterrupt
        batches.append(chunk[0][0])
        before(job, chunk, *rest)

    monkeypatch.setattr(run, "_batch", stopped)
    with pytest.raises(KeyboardInterrupt):
        imported(file)
    monkeypatch.undo()
    run_batches = []
    monkeypatch.setattr(
        run, "_batch", lambda job, chunk, *rest: (run_batches.append(chunk[0][0]),
                                                  before(job, chunk, *rest))
    )  # fmt: skip
    assert count(acme, as_tenant) == 3_960
    said = imported(file)

    assert "Going on behind row 4,000" in said
    assert (batches, run_batches) == ([0, 2_000], [4_000])
    assert "4,500 rows: 4,455 new events, 0 already there, 45 rejected." in said
    assert count(acme, as_tenant) == 4_455


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tenant": "nobody"}, "There is no tenant 'nobody'"),
        ({"kind": "conversions"}, "channel"),
    ],
)
def test_it_says_what_is_wrong(acme, file, change, said):
    with pytest.raises(CommandError, match=said):
        imported(file, **change)


def test_it_says_that_there_is_no_file(acme, tmp_path):
    with pytest.raises(CommandError, match="is not a file"):
        imported(tmp_path / "absent.csv")


def test_it_reads_a_mapping_only_as_field_and_column(acme, file):
    with pytest.raises(CommandError, match="field=column"):
        imported(file, "--map", "time")


def test_it_guesses_the_mapping_and_says_what_it_guessed(acme, tmp_path):
    file = tmp_path / "plain.csv"
    file.write_text("customer_id,time,channel\nann,2026-11-01T10:00:00Z,Email\n")
    out = io.StringIO()
    call_command("import", str(file), "--tenant", "acme", "--as", "touchpoints", stdout=out)
    assert "Guessed --map subject=customer_id" in out.getvalue()
    assert "1 new events" in out.getvalue()
