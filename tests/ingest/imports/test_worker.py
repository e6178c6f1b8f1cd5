"""An import in the hands of real worker processes, one of which is killed in the middle."""

import os
import signal
import sys
import time

import pytest
from django.db import connection

from bench.served import start, stop
from eventlog import read
from ingest import tasks
from ingest.imports import lock, run
from ingest.models import Import
from kernel import clock

pytestmark = pytest.mark.slow
ROWS = 30_000
COLUMNS = {"subject": "who", "time": "when", "channel": "what"}


@pytest.fixture
def environment(settings, tmp_path, committed_tenant):
    """What a worker finds: the test's database and Redis, a folder of its own."""
    settings.UPLOADS = tmp_path / "uploads" / committed_tenant.schema_name
    return {
        **os.environ,
        "TOUCHSTONE_DATABASE_URL": settings.DATABASE_URL,
        "TOUCHSTONE_REDIS_URL": settings.REDIS_URL,
        "TOUCHSTONE_STATE": str(tmp_path),
    }


@pytest.fixture
def worker(environment):
    """Start a worker that takes imports in its one process; all end with the test."""
    running = []

    def started():
        argv = [
            sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "solo",
            "--loglevel", "warning", "--queues", "ingest",
            "--hostname", f"import-{len(running)}@%h",
        ]  # fmt: skip
        running.append(start(argv, environment))
        return running[-1]

    yield started
    for each in running:
        stop(each)


@pytest.fixture
def job(environment, settings):
    """An uploaded file that takes a worker some seconds."""
    settings.UPLOADS.mkdir(parents=True)
    path = settings.UPLOADS / "touches.csv"
    lines = (f"c{n % 997},2026-10-{1 + n % 28:02d}T10:00:00Z,Email" for n in range(ROWS))
    path.write_text("who,when,what\n" + "\n".join(lines) + "\n")
    made = run.prepare(
        path, name=path.name, kind="touchpoints", columns=COLUMNS, options={}, now=clock.now()
    )
    Import.objects.filter(pk=made.pk).update(status=Import.Status.WAITING)
    return made


def until(condition, seconds=120):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


def test_another_worker_goes_on_where_a_killed_one_stopped(committed_tenant, worker, job, settings):
    def state():
        return Import.objects.get(pk=job.pk)

    first = worker()
    tasks.run_import.delay(schema=committed_tenant.schema_name, import_id=job.pk)
    until(lambda: state().rows_done >= run.ROWS)
    assert lock.abandoned(str(settings.UPLOADS)) == ()
    os.killpg(first.pid, signal.SIGKILL)
    until(lambda: lock.abandoned(str(settings.UPLOADS)) == (job.pk,))
    left = state()
    assert (left.status, left.rows_done < ROWS) == (Import.Status.RUNNING, True)

    worker()
    tasks.resume_imports.delay()
    until(lambda: state().status == Import.Status.DONE)

    done = state()
    assert (done.rows_done, done.accepted, done.duplicates, done.rejected) == (ROWS, ROWS, 0, 0)
    assert len(read.latest(limit=ROWS + 1)) == ROWS
    connection.close()
