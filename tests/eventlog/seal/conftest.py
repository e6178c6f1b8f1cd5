"""Fixtures of the sealed log's tests: a committed log with some events, sealed."""

import pytest

from eventlog.append import append
from eventlog.seal import sealer
from tests.eventlog.events import NOON, event, settle


@pytest.fixture
def sealed(committed_tenant):
    """Append and seal events ``first`` to ``last - 1``: ``sealed(0, 600)``."""

    def append_and_seal(first, last, limit=sealer.CHUNK):
        append([event(number) for number in range(first, last)], recorded_at=NOON)
        settle()
        return sealer.catch_up(now=NOON, limit=limit)

    return append_and_seal
