"""A publisher turns fraudulent: who hears of it, how soon, how often, by how many ways."""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from socket import create_connection
from threading import Thread
from typing import Any

import numpy as np
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from bench.cluster import Cluster, cluster
from bench.outside import Receiver, Sink, mail_server, receiving
from bench.served import ROOT
from simulation.installs import clean_times

Row = dict[str, Any]
Event = dict[str, Any]
SOURCES = ("north", "east", "south", "turncoat")
DAYS = 12
PER_DAY = 15
FALSE = 30
COST = 20.0
LATEST = 60.0
LONGER = 45.0
"""So long we go on looking whether anybody is told a second time."""


def alerts() -> Row:
    """From the moment the false installs are acknowledged to the last of the four ways."""
    with mail_server() as sink, receiving() as slack, receiving() as hook:
        settings = {
            "TOUCHSTONE_SMTP_URL": f"smtp://127.0.0.1:{sink.port}",
            "TOUCHSTONE_PRIVATE_RECEIVERS": "true",
        }
        with cluster(settings=settings) as product, _watching(product, slack, hook) as live:
            return _turned(product, sink, slack, hook, live)


def _turned(
    product: Cluster, sink: Sink, slack: Receiver, hook: Receiver, live: list[dict[str, Any]]
) -> Row:
    now = datetime.now(UTC)
    _send(product, _clean(now))
    product.wait(lambda: _judged(product) == DAYS * len(SOURCES) * PER_DAY, seconds=120)
    time.sleep(25.0)  # a round of the watch over clean publishers
    early = len(sink.letters) + len(slack.requests) + len(hook.requests) + len(live)
    turned = now - timedelta(minutes=40)
    _send(product, _false(turned))
    told = [
        product.wait(lambda each=each: bool(each), seconds=4 * LATEST)
        for each in (live, sink.letters, slack.requests, hook.requests)
    ]
    took = sum(told)  # each was waited for after the one before
    time.sleep(LONGER)
    (alert,) = hook.requests[0][1]["alerts"]
    off = abs((datetime.fromisoformat(alert["since"]) - turned).total_seconds()) / 60
    times = [len(each) for each in (live, sink.letters, slack.requests, hook.requests)]
    right = (
        alert["facts"]["Publisher"] == "turncoat"
        and alert["facts"]["Spent there since"] == f"{COST:,.2f} EUR"
        and off <= 15
        and "turncoat" in sink.text()
        and "turncoat" in json.dumps(slack.requests[0][1])
    )
    return {
        "name": "fraud/alerts", "value": round(took, 1), "unit": "s to the last of four ways",
        "bar": "< 60; right publisher, start and spend; once", "n": FALSE,
        "ok": bool(right and took < LATEST and times == [1, 1, 1, 1] and not early),
        "peer": f"told {times} times live, by mail, Slack, webhook; {alert['title']}; start off by"
        f" {off:.0f} min; {alert['facts']['Spent there since']} spent; {early} told of clean ones",
    }  # fmt: skip


@contextmanager
def _watching(product: Cluster, slack: Receiver, hook: Receiver) -> Iterator[list[dict[str, Any]]]:
    """What an owner's open page is told."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.member", slack.url, hook.url],
        env=product.environment, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told: list[dict[str, Any]] = []
    headers = {"Cookie": f"sessionid={done.stdout.split()[-1]}"}
    home = f"bench.localhost:{product.place.port}"  # a name that only browsers know
    plain = create_connection((product.place.host, product.place.port))
    with connect(
        f"ws://{home}/ws/alerts/", sock=plain, origin=Origin(f"http://{home}"),
        additional_headers=headers,
    ) as socket:  # fmt: skip

        def listen() -> None:
            try:
                while True:
                    told.append(json.loads(socket.recv()))
            except ConnectionClosed:
                return

        thread = Thread(target=listen, daemon=True)
        thread.start()
        yield told
    thread.join(timeout=10)


def _clean(now: datetime) -> list[Event]:
    """Days of installs of people, of each publisher alike."""
    rng, events = np.random.default_rng(11), []
    for day in range(1, DAYS + 1):
        for source in SOURCES:
            for number, seconds in enumerate(clean_times(PER_DAY, rng)):
                clicked = now - timedelta(days=day, hours=1, minutes=7 * number)
                took = min(float(seconds), 80_000.0)
                events += _pair(f"{source}-{day}-{number}", source, clicked, took)
    return events


def _false(turned: datetime) -> list[Event]:
    """Half an hour in which a publisher hijacks installs, and what was paid for them."""
    rng, events = np.random.default_rng(12), []
    for number in range(FALSE):
        clicked = turned + timedelta(minutes=number)
        events += _pair(f"false-{number}", SOURCES[-1], clicked, float(rng.uniform(3.2, 9.8)))
    spend = {"day": turned.date().isoformat(), "channel": "Display", "source": SOURCES[-1]}
    return [*events, {"type": "spend.recorded", "properties": {**spend, "cost": COST}}]


def _pair(who: str, source: str, clicked: datetime, seconds: float) -> list[Event]:
    touch = {"channel": "Display", "source": source}
    return [
        {
            "type": "ad.click", "anonymous_id": who, "timestamp": clicked.isoformat(),
            "properties": {"touch": touch},
        },
        {
            "type": "conversion.recorded", "anonymous_id": who,
            "timestamp": (clicked + timedelta(seconds=seconds)).isoformat(),
            "properties": {"conversion_type": "install"},
        },
    ]  # fmt: skip


def _send(product: Cluster, events: list[Event]) -> None:
    connection = http.client.HTTPConnection(product.place.host, product.place.port, timeout=60)
    headers = {
        "Authorization": f"Bearer {product.place.key}", "Content-Type": "application/json",
    }  # fmt: skip
    for low in range(0, len(events), 500):
        body = json.dumps({"events": events[low : low + 500]})
        connection.request("POST", "/api/v1/events", body, headers)
        answer = json.loads(connection.getresponse().read())
        if answer.get("rejected") != []:
            raise RuntimeError(f"not taken: {answer}")
    connection.close()


def _judged(product: Cluster) -> int:
    _, found = product.get("/api/v1/fraud/ctit")
    return int(found["installs"]) if found else 0


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"fraud/alerts": alerts}
