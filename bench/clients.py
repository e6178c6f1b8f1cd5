"""The stock client libraries' row: events missing or doubled, undisturbed and through a crash."""

from collections.abc import Callable
from typing import Any

Row = dict[str, Any]


def real_clients() -> Row:
    """10,000 events by each client, twice: once with the server killed with -9 and restarted."""
    from tests.clients.delivery import EVENTS, deliver, missing_client

    runs, wrong = [], 0
    for client in ("python", "node"):
        if reason := missing_client(client):
            runs.append(f"{client}: not run, {reason}")
            wrong += EVENTS
            continue
        for kill in (False, True):
            outcome = deliver(client, kill=kill)
            off = abs(EVENTS - outcome.stored) + abs(EVENTS - outcome.numbers)
            wrong += off
            runs.append(f"{client}{' killed -9' if kill else ''}: {outcome.stored} stored")
    return {
        "name": "spine/real-clients", "value": wrong, "unit": "events missing or doubled",
        "bar": "= 0", "ok": wrong == 0, "peer": "; ".join(runs), "n": 4 * EVENTS,
    }  # fmt: skip


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"spine/real-clients": real_clients}
