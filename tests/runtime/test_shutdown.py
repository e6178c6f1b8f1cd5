"""A server told to stop finishes what it has in hand."""

import json
import os
import signal
import threading
import time
from contextlib import ExitStack
from urllib.request import Request, urlopen

import psycopg
import pytest

from bench.served import prepared, start_web, stop

pytestmark = [pytest.mark.database, pytest.mark.slow]
PATIENCE = 90


def test_a_batch_in_flight_is_finished_and_acknowledged():
    with ExitStack() as stack:
        place, environment = stack.enter_context(prepared())
        web = start_web(place, environment)
        stack.callback(stop, web)
        answers: list[tuple[int, dict[str, object]]] = []

        def send():
            event = {"type": "web.page", "anonymous_id": "a", "id": "in-flight"}
            request = Request(
                f"http://{place.host}:{place.port}/api/v1/events",
                data=json.dumps({"events": [event]}).encode(),
                headers={
                    "Authorization": f"Bearer {place.key}",
                    "Content-Type": "application/json",
                },
            )
            with urlopen(request, timeout=PATIENCE) as answer:
                answers.append((answer.status, json.loads(answer.read())))

        with psycopg.connect(place.database_url) as owner:
            owner.execute(f'LOCK TABLE "{place.schema}".event IN EXCLUSIVE MODE')
            sender = threading.Thread(target=send)
            sender.start()
            _waits_for_the_lock(place.database_url)
            os.kill(web.pid, signal.SIGTERM)
            time.sleep(1)
            assert web.poll() is None, "it did not wait for the batch in hand"
            owner.rollback()
        sender.join(PATIENCE)
        web.wait(PATIENCE)

        assert [(status, body["accepted"]) for status, body in answers] == [(200, 1)]
        with psycopg.connect(place.database_url) as owner:
            row = owner.execute(f'SELECT count(*) FROM "{place.schema}".event').fetchone()
        assert row == (1,)


@pytest.mark.parametrize("seconds", [0.5, 2.0])
def test_one_that_is_still_starting_ends_too(seconds):
    with ExitStack() as stack:
        place, environment = stack.enter_context(prepared())
        web = start_web(place, environment)
        stack.callback(stop, web)
        time.sleep(seconds)  # the port is open already; the workers load the apps

        os.kill(web.pid, signal.SIGTERM)

        assert web.wait(PATIENCE) is not None


def _waits_for_the_lock(url):
    """Until the server's append waits: then the request is in flight beyond doubt."""
    waiting = (
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
        " WHERE NOT granted AND datname = current_database()"
    )
    until = time.monotonic() + PATIENCE
    with psycopg.connect(url, autocommit=True) as owner:
        while owner.execute(waiting).fetchone() == (0,):
            assert time.monotonic() < until, "the request never came"
            time.sleep(0.05)
