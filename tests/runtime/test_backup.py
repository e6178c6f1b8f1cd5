"""A drill: dump, drop, restore elsewhere; the log is whole and every reader finds its place."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from runtime import backup
from tests.conftest import fresh_database

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)

# Runs in a process of its own, on a database of its own, as an operator would.
MAKE = """
from tests.conftest import make_tenant
from eventlog.append import append
from eventlog import subscriptions
from eventlog.projector import advance_all
from kernel import clock
from django_tenants.utils import schema_context
from tests.eventlog.events import event
make_tenant("acme")
with schema_context("t_acme"):
    for number in range(40):
        append([event(number)], recorded_at=clock.now())
    import time
    until = time.monotonic() + 60
    while time.monotonic() < until and any(lag.events for lag in subscriptions.lags()):
        advance_all("t_acme")
print("made")
"""
LOOK = """
import json
from eventlog import read, subscriptions
from eventlog.append import append
from eventlog.projector import advance_all
from kernel import clock
from django_tenants.utils import schema_context
from tests.eventlog.events import event
with schema_context("t_acme"):
    whole = [str(each.id) for each in read.tail(limit=10_000)]
    before = advance_all("t_acme")
    append([event(NUMBER)], recorded_at=clock.now())
    import time
    readers = len(subscriptions.names())
    # Another test's open transaction may hold the log's horizon between one reader and the next.
    after, until = 0, time.monotonic() + 60
    while after < readers and time.monotonic() < until:
        after += advance_all("t_acme")
    print(json.dumps({"whole": whole, "again": before, "fresh": after, "readers": readers}))
"""


def look(number: int) -> str:
    return LOOK.replace("NUMBER", str(number))


@pytest.fixture
def server():
    from django.conf import settings

    return settings.DATABASE_URL


def manage(url: str, state: Path, *argv: str) -> str:
    environment = {
        **os.environ,
        "TOUCHSTONE_DATABASE_URL": url,
        "TOUCHSTONE_STATE": str(state),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
    }
    done = subprocess.run(
        [sys.executable, "manage.py", *argv],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.database
@pytest.mark.slow
def test_a_restored_log_is_whole_and_every_reader_goes_on_where_it_was(server, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    (here / "uploads" / "t_acme").mkdir(parents=True)
    (here / "uploads" / "t_acme" / "a.csv").write_text("a,b\n")
    name = f"test_drill_{os.getpid()}"
    with fresh_database(server, f"{name}_a") as url:
        manage(url, here, "bootstrap")
        manage(url, here, "shell", "-v0", "-c", MAKE)
        wanted = json.loads(manage(url, here, "shell", "-v0", "-c", look(1_000)).splitlines()[-1])
        made = manage(url, here, "backup", str(tmp_path / "kept"))
        assert "1 tenants" in made
    (folder,) = (tmp_path / "kept").iterdir()

    with fresh_database(server, f"{name}_b") as url:
        manage(url, there, "restore", str(folder))
        found = json.loads(manage(url, there, "shell", "-v0", "-c", look(2_000)).splitlines()[-1])
        with psycopg.connect(url) as owner:
            leaves = owner.execute("SELECT count(*), count(DISTINCT leaf) FROM t_acme.event")
            total, distinct = leaves.fetchone()

    assert (there / "uploads" / "t_acme" / "a.csv").read_text() == "a,b\n"
    assert found["whole"][:-1] == wanted["whole"]  # and the one appended after them
    assert found["again"] == 0, "a reader went over events again"
    assert found["fresh"] == found["readers"], "a reader does not see what is new"
    assert total == distinct == len(found["whole"]) + 1


def test_a_backup_that_was_changed_is_refused(tmp_path):
    folder = tmp_path / "x"
    folder.mkdir()
    for name in (backup.DUMP, backup.FILES):
        (folder / name).write_text("dump")
    digests = {name: backup._digest(folder / name) for name in (backup.DUMP, backup.FILES)}
    (folder / backup.MANIFEST).write_text(
        json.dumps(
            {"made_at": "", "server": "17", "timescaledb": None, "events": {}, "last_xid": 1,
             "digests": digests}
        )
    )  # fmt: skip
    assert backup.read(folder).server == "17"
    (folder / backup.DUMP).write_text("changed")
    with pytest.raises(backup.BackupFailed, match="not what was written"):
        backup.read(folder)


def test_what_is_no_backup_is_said_so(tmp_path):
    with pytest.raises(backup.BackupFailed, match="no readable backup"):
        backup.read(tmp_path)


@pytest.mark.database
def test_it_restores_into_an_empty_database_only(server, tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "read", lambda _: None)
    with fresh_database(server, f"test_drill_{os.getpid()}_c") as url:
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("CREATE TABLE something (a int)")
        with pytest.raises(backup.BackupFailed, match="not empty"):
            backup.restore(url=url, state=tmp_path, folder=tmp_path, say=print)


@pytest.mark.database
def test_it_moves_the_servers_counter_past_the_logs(server):
    with psycopg.connect(server, autocommit=True) as owner:
        target = backup._next_xid(owner) + 2_000
        backup._move_past(owner, target, lambda _: None)
        assert backup._next_xid(owner) > target


def test_a_password_is_in_no_command_line():
    argv, environment = backup._without_password(
        ["pg_dump", "--dbname=postgresql://me:se%40cret@host:5/name?sslmode=require"]
    )
    assert argv == ["pg_dump", "--dbname=postgresql://me@host:5/name?sslmode=require"]
    assert environment["PGPASSWORD"] == "se@cret"
