"""Clients that send through any trouble, as good ones do, and remember what was acknowledged."""

import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bench.served import Served

BATCH = 20


@dataclass(slots=True)
class Sender:
    """A thread that sends batches until told to stop, each until it is acknowledged.

    ``acknowledged`` holds the ids the server said it has; ``statuses`` counts the answers.
    """

    place: Served
    pause: float = 0.02
    acknowledged: set[str] = field(default_factory=set)
    statuses: dict[int, int] = field(default_factory=dict)
    without_advice: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> "Sender":
        """Begin."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Finish the batch in hand and end."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=120)

    def _run(self) -> None:
        while not self._stop.is_set():
            ids = [str(uuid.uuid4()) for _ in range(BATCH)]
            body = _body(ids)
            deadline = time.monotonic() + 110
            while not self._send(body, ids) and time.monotonic() < deadline:
                time.sleep(0.1)
            time.sleep(self.pause)

    def _send(self, body: bytes, ids: list[str]) -> bool:
        request = urllib.request.Request(
            f"http://{self.place.host}:{self.place.port}/api/v1/events",
            data=body,
            headers={
                "Authorization": f"Bearer {self.place.key}",
                "Content-Type": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                document = json.loads(answer.read())
        except urllib.error.HTTPError as error:
            self._count(error.code)
            if error.code == 503 and not error.headers.get("Retry-After"):
                self.without_advice += 1
            return False
        except (OSError, ValueError):
            self._count(0)
            return False
        self._count(200)
        if document["accepted"] + document["duplicates"] == len(ids):
            self.acknowledged.update(ids)
        return True

    def _count(self, status: int) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1


def _body(ids: list[str]) -> bytes:
    now = datetime.now(UTC).isoformat()
    events = []
    for number, each in enumerate(ids):
        person = f"person-{each[:2]}"
        if number % 5:
            url = f"https://shop.example/?utm_source=google&utm_medium=cpc&utm_campaign={each[0]}"
            more = {"type": "web.page", "context": {"page": {"url": url}}}
        else:
            more = {"type": "conversion.recorded", "properties": {"value": 10, "order_id": each}}
        events.append({"id": each, "timestamp": now, "anonymous_id": person, **more})
    return json.dumps({"events": events}).encode()
