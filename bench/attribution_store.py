"""The additive stores' rows: any question at once, exactly, and no dearer as touches grow.

Journeys are made in arrays and the stores filled with what they hold of them; requests then go
through the served product, and every answer is compared with a look at all the journeys again.
"""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any
from urllib.parse import urlencode

import numpy as np
import psycopg

from attribution.contracts import Model
from attribution.credit import Paths, transition_counts
from attribution.store import chains
from attribution.store.words import ADDITIVE, MICRO, UNIT
from bench import attribution_journeys as journeys
from bench.served import ROOT, Served, prepared, start_web, stop
from kernel import clock

Row = dict[str, Any]
Units = dict[str, tuple[int, int]]

DAYS = 90
SEED = 20
REQUESTS = 240
MODELS: tuple[tuple[Model, int], ...] = (
    *((model, 1) for model in ADDITIVE),
    *((Model.MARKOV, order) for order in (1, 2, 3)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a request asks for: days by number, a segment's place (``None``: every), a model."""

    low: int
    high: int
    segment: int | None
    model: Model
    order: int


def additive_store() -> list[Row]:
    """Ten million journeys in a hundred segments: latency, and differences to a rescan."""
    made = journeys.make(
        journeys=10_000_000, segments=100, days=DAYS, first=_first_day(), seed=SEED
    )
    questions = _questions(len(made.segments))
    with prepared() as (place, environment):
        _fill(place, environment, made)
        web = start_web(place, environment)
        try:
            plain = [_ask(place, made, each, intervals=False) for each in questions]
            sure = [_ask(place, made, each, intervals=True)[0] for each in questions]
        finally:
            stop(web)
    worst = max(
        _difference(_rescan(made, question), answer)
        for question, (_, answer) in zip(questions, plain, strict=True)
    )
    times = [each for each, _ in plain]
    every = [each for each, q in zip(times, questions, strict=True) if q.segment is None]
    p95, with_intervals = _p95(times), _p95(sure)
    seen = f"median {median(times):.0f} ms, worst {max(times):.0f} ms"
    all_segments = f"over all segments {median(every):.0f} ms ({len(every)} requests)"
    return [
        {
            "name": "attribution/additive store", "value": round(p95, 1), "unit": "ms p95",
            "bar": "<= 300", "ok": p95 <= 300, "peer": f"{seen}; {all_segments}",
            "n": len(questions),
        },
        {
            "name": "attribution/additive store, intervals", "value": round(with_intervals, 1),
            "unit": "ms p95", "bar": "<= 300", "ok": with_intervals <= 300,
            "peer": f"median {median(sure):.0f} ms, none asked for before", "n": len(questions),
        },
        {
            "name": "attribution/additive store, difference", "value": worst,
            "unit": "billionths of a conversion or millionths of money", "bar": "= 0",
            "ok": worst == 0, "peer": "a rescan of all 10 million journeys", "n": len(questions),
        },
    ]  # fmt: skip


def growth() -> list[Row]:
    """The same days and channels at one and at five million touches: pages and the API."""
    return [_growth(millions) for millions in (1, 5)]


def _growth(millions: int) -> Row:
    made = journeys.make(
        journeys=millions * 1_000_000 // 3, segments=4, days=DAYS, first=_first_day(), seed=SEED
    )
    with prepared() as (place, environment):
        _fill(place, environment, made)
        visit = subprocess.run(
            [sys.executable, "-m", "bench.visitor"],
            env=environment, cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        browser = {"Host": "bench.localhost", "Cookie": f"sessionid={visit.stdout.strip()}"}
        reader = {"Authorization": f"Bearer {place.key}"}
        web = start_web(place, environment)
        try:
            times = {
                "overview page": _times(place, "/", browser),
                "attribution page": _times(place, "/attribution/", browser),
                "API": _times(place, "/api/v1/attribution", reader),
                "API, Markov of order 3": _times(
                    place, "/api/v1/attribution?order=3&intervals=false", reader
                ),
            }
        finally:
            stop(web)
    worst = max(_p95(each) for each in times.values())
    touches = len(made.tokens) / 1e6
    return {
        "name": f"attribution/growth, {millions} million touches", "value": round(worst, 1),
        "unit": "ms p95, worst of the pages", "bar": "< 200", "ok": worst < 200,
        "peer": "; ".join(
            f"{name} {median(each):.0f} (p95 {_p95(each):.0f})" for name, each in times.items()
        ) + f"; {touches:.2f} million touches in {DAYS} days, the last 30 asked for",
        "n": sum(map(len, times.values())),
    }  # fmt: skip


def _first_day() -> date:
    return clock.now().date() - timedelta(days=DAYS - 1)


def _fill(place: Served, environment: dict[str, str], made: journeys.Made) -> None:
    with psycopg.connect(place.database_url) as connection:
        connection.execute(f'SET search_path = "{place.schema}", public')
        journeys.store(made, connection)
        connection.autocommit = True
        # As the worker has left a store that stands for a minute.
        subprocess.run([sys.executable, "-m", "bench.pack"], env=environment, cwd=ROOT, check=True)
        connection.execute("VACUUM ANALYZE")


def _questions(segments: int) -> list[Question]:
    """Ranges, segments and models by lot; every tenth question is about all segments together."""
    rng = np.random.default_rng(SEED)
    found = []
    for number in range(REQUESTS):
        low, high = sorted(rng.integers(0, DAYS, 2).tolist())
        segment = int(rng.integers(segments))
        model, order = MODELS[rng.integers(len(MODELS))]
        found.append(
            Question(
                low=low, high=high, segment=segment if number % 10 else None,
                model=model, order=order,
            )
        )  # fmt: skip
    return found


def _ask(
    place: Served, made: journeys.Made, asked: Question, *, intervals: bool
) -> tuple[float, Units]:
    """Milliseconds of a request, and label -> (credit units, value units)."""
    query = {
        "model": str(asked.model), "order": asked.order, "intervals": str(intervals).lower(),
        "from": (made.first + timedelta(days=asked.low)).isoformat(),
        "to": (made.first + timedelta(days=asked.high)).isoformat(),
    }  # fmt: skip
    if asked.segment is not None:
        query["segment"] = journeys.label(made.segments[asked.segment])
    spent, body = _get(
        place, f"/api/v1/attribution?{urlencode(query)}", {"Authorization": f"Bearer {place.key}"}
    )
    rows = json.loads(body)["channels"]
    return spent, {
        row["channel"]: (round(row["conversions"] * UNIT), round(row["value"] * MICRO))
        for row in rows
    }


def _get(place: Served, path: str, headers: dict[str, str]) -> tuple[float, bytes]:
    connection = http.client.HTTPConnection(place.host, place.port, timeout=60)
    try:
        began = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        spent = (time.perf_counter() - began) * 1000
    finally:
        connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}: {body[:500]!r}")
    return spent, body


def _times(place: Served, path: str, headers: dict[str, str]) -> list[float]:
    """Milliseconds of 40 requests after a few that warm both workers up."""
    for _ in range(6):
        _get(place, path, headers)
    return [_get(place, path, headers)[0] for _ in range(40)]


def _p95(times: list[float]) -> float:
    return float(np.percentile(times, 95))


def _rescan(made: journeys.Made, asked: Question) -> Units:
    """The answer from the journeys themselves."""
    places = range(len(made.segments)) if asked.segment is None else [asked.segment]
    parts = [made.part(made.between(each, asked.low, asked.high)) for each in places]
    found = _markov(parts, asked.order) if asked.model is Model.MARKOV else _summed(parts, asked)
    return {journeys.CHANNELS[key - 1]: units for key, units in found.items()}


def _summed(parts: list[journeys.Made], asked: Question) -> dict[int, tuple[int, int]]:
    number, size = ADDITIVE.index(asked.model), len(journeys.CHANNELS) + 1
    sums = np.zeros((size, 2), dtype=np.int64)
    for part in parts:
        rows = journeys.rows_of(part)
        units, value = journeys.credit(part, rows, number)
        np.add.at(sums, rows.key, np.column_stack([units, value]))
    return {key: (int(sums[key, 0]), int(sums[key, 1])) for key in range(1, size)}


def _markov(parts: list[journeys.Made], order: int) -> dict[int, tuple[int, int]]:
    """Removal effects of the journeys, one by one instead of by path."""
    tokens = np.concatenate([part.tokens for part in parts])
    lengths = np.concatenate([np.diff(part.offsets) for part in parts])
    converted = np.concatenate([part.converted for part in parts])
    value = np.concatenate([part.value for part in parts])
    keys, coded = np.unique(tokens, return_inverse=True)
    paths = Paths(
        channels=tuple(map(str, keys.tolist())),
        tokens=coded.astype(np.int32),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        conversions=converted.astype(np.float64),
        value=value.astype(np.float64),
        nulls=(~converted).astype(np.float64),
    )
    effects = chains.effects(transition_counts(paths, order))
    share, money = chains.shares(effects.conversions), chains.shares(effects.value)
    conversions, worth = int(converted.sum()), int(value.sum())
    return {
        key: (
            round(share.get(key, 0.0) * conversions * UNIT),
            round(money.get(key, 0.0) * worth / MICRO * MICRO),
        )
        for key in effects.conversions
    }


def _difference(expected: Units, found: Units) -> int:
    nothing = (0, 0)
    return max(
        abs(one - other)
        for label in expected.keys() | found.keys()
        for one, other in zip(expected.get(label, nothing), found.get(label, nothing), strict=True)
    )


ROWS: dict[str, Callable[[], Row | list[Row]]] = {
    "attribution/additive store": additive_store,
    "attribution/growth": growth,
}
