"""The row ``regulator/volume``: the authority's pages and its pass over ten million records.

Time is what a reader waits for: the request through granian on this machine, from its first byte to
the answer's last. "First" is the first request each page gets from a server that has just started.
"""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from bench import regulator_volume_fill as filling
from bench.served import ROOT, Served, prepared, start_web, stop
from kernel import clock

Row = dict[str, Any]
EVENTS = int(os.environ.get("BENCH_GAMING_EVENTS", "10000000"))
REQUESTS, WARM = 20, 4
BAR_MS, BAR_SECONDS = 200, 5


def volume() -> list[Row]:
    """Fill, compare with the projections, ask for pages, run a pass."""
    began = time.perf_counter()
    with prepared() as (place, environment):
        now = filling.whole_hour(clock.now())
        filling.fill(place.database_url, place.schema, events=EVENTS, now=now)
        filled = time.perf_counter() - began
        sizes = filling.sizes(place.database_url, place.schema)
        checked = _worker("check", environment)
        cookie = _run("bench.visitor", environment).strip()
        web = start_web(place, environment)
        try:
            pages = {name: _page(place, cookie, path) for name, path in _PAGES.items()}
        finally:
            stop(web)
        passed = _worker("pass", environment)
    return [
        *(_page_row(name, first, times) for name, (first, times) in pages.items()),
        {
            "name": "regulator/volume pass", "value": round(passed["hour"], 2),
            "unit": "s for all operators' last hour", "bar": f"< {BAR_SECONDS}", "n": EVENTS,
            "ok": passed["hour"] < BAR_SECONDS,
            "peer": f"with nothing new {passed['again']:.2f} s; the very first, of 90 days,"
            f" {passed['first']:.2f} s; learning what games pay, at night,"
            f" {passed['learned']:.1f} s",
        },
        {
            "name": "regulator/volume figures", "value": checked["differ"], "unit": "rows",
            "bar": "= 0 differ from what the projections build", "ok": checked["differ"] == 0,
            "n": checked["applied"],
            "peer": f"one operator's records read again at {checked['rate']:,} events/s;"
            f" {filling.OPERATORS} operators, {filling.DAYS} days, filled in {filled:.0f} s",
        },
        {
            "name": "regulator/volume players",
            "value": round(sizes["regulator_player_day"] / 1e6), "unit": "MB", "bar": None,
            "ok": True, "n": sizes["player_days"],
            "peer": f"{sizes['player_days']:,} rows of player-days for {sizes['player_spans']:,}"
            f" player-spans; totals {sizes['regulator_total'] / 1e6:.0f} MB, the log"
            f" {sizes['event'] / 1e6:,.0f} MB",
        },
    ]  # fmt: skip


_PAGES: dict[str, Callable[[int], str]] = {
    "operator page": lambda turn: f"/operators/op-{turn % filling.OPERATORS:03d}/",
    "operator page by hour": lambda turn: f"/operators/op-{turn + 30:03d}/?by=hour",
    "market overview": lambda _: "/",
    "feed wall": lambda _: "/wall/",
}


def _page(place: Served, cookie: str, path: Callable[[int], str]) -> tuple[float, list[float]]:
    """Milliseconds of the first request of all, and of twenty after a few."""
    headers = {"Host": "bench.localhost", "Cookie": f"sessionid={cookie}"}
    first, *_ = [_get(place, path(turn), headers) for turn in range(WARM)]
    return first, [_get(place, path(WARM + turn), headers) for turn in range(REQUESTS)]


def _get(place: Served, path: str, headers: dict[str, str]) -> float:
    connection = http.client.HTTPConnection(place.host, place.port, timeout=120)
    try:
        began = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        spent = (time.perf_counter() - began) * 1000
    finally:
        connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}: {body[:300]!r}")
    return spent


def _page_row(name: str, first: float, times: list[float]) -> Row:
    p95 = float(np.percentile(times, 95))
    return {
        "name": f"regulator/volume {name}", "value": round(p95, 1), "unit": "ms p95",
        "bar": f"< {BAR_MS}", "ok": p95 < BAR_MS, "n": EVENTS,
        "peer": f"median {median(times):.0f} ms, worst {max(times):.0f} ms of {len(times)}; the"
        f" first request of all {first:.0f} ms",
    }  # fmt: skip


def _worker(what: str, environment: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        _run("bench.regulator_volume_worker", environment, what).splitlines()[-1]
    )
    return found


def _run(module: str, environment: dict[str, str], *argv: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *argv],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{module} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"regulator/volume": volume}
