"""``manage.py visitors``: people who come to the demo's shop while somebody looks at it."""

import http.client
import json
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import demo
from kernel import clock
from simulation.events import Event
from simulation.market import NORTHWIND
from simulation.traffic import arriving

_TICK_SECONDS = 1.0
_AGAIN_SECONDS = 5.0
_TIMEOUT_SECONDS = 30


class Command(BaseCommand):
    """Send each event when it happens, as a shop's site would: over HTTP, with the tenant's key."""

    help = "Keep sending visits and orders to the demo's shop, until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--demo``: the file the demo left, with address and key."""
        parser.add_argument("--demo", type=Path, default=settings.STATE / "demo.json")

    def handle(self, *args: Any, **options: Any) -> None:
        """Until TERM or INT; while the collector is away, wait and send the same again."""
        login = demo.read_logins(options["demo"]).get(demo.NORTHWIND.slug)
        if login is None:
            raise CommandError(f"{options['demo']} names no {demo.NORTHWIND.slug}: run the demo.")
        done = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: done.set())
        port = urlsplit(login.host).port or 80
        for events in _ticks(done):
            while not done.is_set() and not send(events, port=port, key=login.write_key):
                done.wait(_AGAIN_SECONDS)


def _ticks(done: threading.Event) -> Iterator[list[Event]]:
    """What has happened since the tick before, tick after tick; empty ticks are left out."""
    crowd = arriving(NORTHWIND, since=clock.now())
    coming = next(crowd)
    while not done.wait(_TICK_SECONDS):
        until = clock.now()
        if coming[0] > until:
            continue
        events = [coming[1]]
        for coming in crowd:
            if coming[0] > until:
                break
            events.append(coming[1])
        yield events


def send(events: list[Event], *, port: int, key: str) -> bool:
    """Whether the collector took ``events``; what it refuses for good is taken as taken."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    try:
        connection.request("POST", "/api/v1/events", json.dumps({"events": events}), headers)
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
