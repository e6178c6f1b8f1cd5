"""What a worker writes carries the ids of the request that queued the task."""

import logging
import time

import pytest
from celery import Celery, current_app
from celery.contrib.testing.worker import start_worker

from kernel.about import about

LOG = logging.getLogger("ingest.task")
app = Celery("lines", broker="memory://", set_as_current=False)
app.conf.update(task_default_queue="tests", result_backend=None)


@app.task(name="tests.said")
def said(*, word: str) -> None:
    LOG.info("task.said", extra={"fields": {"word": word}})


@pytest.fixture
def worker():
    """A real worker on a queue in memory, in a thread of this process.

    Starting it makes its app the process's own, to which every shared task would go from then on.
    """
    product = current_app._get_current_object()
    try:
        with start_worker(app, pool="solo", perform_ping_check=False) as found:
            yield found
    finally:
        product.set_current()
        product.set_default()


def test_it_carries_the_requests_ids_and_says_how_the_task_ended(worker, lines):
    with about(request="request-0001", tenant="t_acme", user="7", route="not/passed/on"):
        said.apply_async(kwargs={"word": "one"})
    said.apply_async(kwargs={"word": "two"})
    for _ in range(200):
        if len(lines.of("task.ended")) == 2:
            break
        time.sleep(0.05)

    first, second = lines.of("task.said")
    ended, _ = lines.of("task.ended")
    ids = {"request": "request-0001", "tenant": "t_acme", "user": "7", "task": "tests.said"}
    assert ids.items() <= first.items()
    assert ids.items() <= ended.items()
    assert "route" not in first
    assert not {"request", "tenant", "user"} & second.keys()
    assert ended["state"] == "success"
