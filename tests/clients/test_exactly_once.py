"""Stock client libraries, unchanged but for the host: every event arrives exactly once."""

import pytest

from tests.clients.delivery import EVENTS, Outcome, deliver, missing_client

pytestmark = [pytest.mark.clients, pytest.mark.slow]


@pytest.mark.parametrize("client", ["python", "node"])
@pytest.mark.parametrize("kill", [False, True], ids=["undisturbed", "killed-mid-run"])
def test_it_stores_every_event_exactly_once(client, kill):
    reason = missing_client(client)
    if reason:
        pytest.skip(reason)
    assert deliver(client, kill=kill) == Outcome(
        stored=EVENTS, distinct=EVENTS, numbers=EVENTS, kills=int(kill)
    )
