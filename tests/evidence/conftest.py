"""A sealed log with a key to read it."""

import pytest

from eventlog.append import append
from eventlog.seal import sealer
from tests.eventlog.events import NOON, event, settle


@pytest.fixture(autouse=True)
def _state(settings, tmp_path):
    settings.STATE = tmp_path


@pytest.fixture
def sealed(committed_tenant):
    """300 sealed events in three checkpoints."""
    append([event(number) for number in range(300)], recorded_at=NOON)
    settle()
    sealer.catch_up(now=NOON, limit=110)
    return committed_tenant
