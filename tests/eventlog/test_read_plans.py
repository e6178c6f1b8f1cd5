"""Whatever reads the log in its order reads the index of that order, however long the log is."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from eventlog import acts, read, subscriptions
from eventlog.contracts import START, Cursor
from eventlog.seal import rows, sealer
from evidence import queries
from evidence.contracts import Selection
from kernel import clock
from tests.eventlog.events import event

READS = {
    "tail": lambda: read.tail(after=Cursor(1, 1), limit=10),
    "latest": lambda: read.latest(limit=10),
    "head": read.head,
    "lag": subscriptions.lags,
    "sealing": lambda: sealer.catch_up(now=clock.now()),
    "unsealed": lambda: list(rows.unsealed(after=START, limit=10)),
    "between": lambda: rows.events_between(START, Cursor(9, 9), limit=10),
    "evidence": lambda: list(queries.selected(Selection(), upto=Cursor(2**40, 0))),
    "acts": lambda: acts.search(limit=10),
}


@pytest.fixture
def ordered(acme, given, as_tenant):
    """The plans of what a call asks of the log in its order, with no way but sorting or the index.

    Small tables are cheapest read whole: the server is told that reading whole is dear.
    """
    given(acme, [event() for _ in range(20)])

    def plans(call):
        with as_tenant(acme), CaptureQueriesContext(connection) as asked:
            call()
        found = [q["sql"] for q in asked if "event.xid" in q["sql"] and "ORDER BY" in q["sql"]]
        with as_tenant(acme), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
            for sql in found:
                cursor.execute(f"EXPLAIN (COSTS off) {sql}")
                yield "\n".join(row[0] for row in cursor.fetchall())

    return plans


@pytest.mark.parametrize("name", READS)
def test_it_never_sorts_the_rest_of_the_log(ordered, name):
    plans = list(ordered(READS[name]))
    assert plans
    for plan in plans:
        assert "event_log_order" in plan or "event_acts" in plan
        assert not re.search(r"(?m)^(\s*->)?\s*(Incremental )?Sort$", plan), plan
