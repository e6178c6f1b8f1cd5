"""Scale-out: the same expression of paths over one export, on DuckDB and on Spark.

The export is made up in arrays, in the schema and the folders that `manage.py export` writes. Each
engine runs in a process of its own, as it would; credit is compared between them.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from attribution.journeys.rules import Rules, Views, Window
from attribution.scale.manifest import Manifest, save
from attribution.scale.tables import CONVERSIONS, TOUCHPOINTS, Table

Row = dict[str, Any]
TOUCHES = 1_000_000
DAYS = 90
SEED = 30
MODELS = ("markov", "shapley", "linear")
_DAY = 86_400_000_000
_CHANNELS = np.array(["Direct", "Paid Search", "Organic Search", "Email", "Display", "Referral"])
_RUN = """
import json, sys, time
from pathlib import Path
from attribution.credit import attribute
from attribution.scale import engines
began = time.perf_counter()
counted = engines.of_export(Path(sys.argv[1]), sys.argv[2])
spent = time.perf_counter() - began
credit = {m: attribute(counted, m, replicates=0) for m in sys.argv[3:]}
print(json.dumps({"seconds": spent, "paths": len(counted.conversions), "credit": {
    m: dict(zip(c.channels, c.conversions.tolist())) for m, c in credit.items()}}))
"""


def scale_out() -> list[Row]:
    """A million touches, counted by both engines; the greatest difference of their credit."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.perf_counter()
        _make(folder)
        made = time.perf_counter() - began
        found = {engine: _run(folder, engine) for engine in ("duckdb", "spark")}
        size = sum(each.stat().st_size for each in folder.rglob("*.parquet")) / 1e6
    one, other = found["duckdb"]["credit"], found["spark"]["credit"]
    total = sum(one["linear"].values())
    worst = max(
        abs(one[model][label] - other[model][label]) / total
        for model in MODELS
        for label in one[model]
    )
    seen = f"{size:.0f} MB of Parquet made in {made:.0f} s, {found['spark']['paths']} paths"
    return [
        {
            "name": "attribution/scale-out, difference", "value": worst,
            "unit": "of all conversions", "bar": "<= 1e-9", "ok": worst <= 1e-9,
            "peer": f"DuckDB and Spark local[2]; {seen}", "n": TOUCHES,
        },
        *(
            {
                "name": f"attribution/scale-out, {engine}", "value": round(each["seconds"], 1),
                "unit": "s, start of the engine included", "bar": "(shown)", "ok": True,
                "peer": f"{TOUCHES / each['seconds'] / 1e3:.0f} thousand touches a second;"
                f" the process took {each['wall']:.1f} s", "n": TOUCHES,
            }
            for engine, each in found.items()
        ),
    ]  # fmt: skip


def _run(folder: Path, engine: str) -> dict[str, Any]:
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(folder), engine, *MODELS],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer | {"wall": time.perf_counter() - began}


def _make(folder: Path) -> None:
    rng = np.random.default_rng(SEED)
    people = TOUCHES // 4
    _write(folder, TOUCHPOINTS, _touches(rng, people))
    _write(folder, CONVERSIONS, _conversions(rng, people))
    rules = Rules(windows=(Window(channel="Email", days=7),), views=Views(days=1))
    save(folder, Manifest(tenant="bench", currency="EUR", rules=rules, log=(0, 0)))


def _touches(rng: np.random.Generator, people: int) -> pa.Table:
    chosen = _CHANNELS[rng.integers(0, len(_CHANNELS), TOUCHES)]
    kinds = np.array(["visit", "click", "impression"])[rng.integers(0, 3, TOUCHES)]
    order, nothing = np.arange(1, TOUCHES + 1), pa.nulls(TOUCHES)
    columns = {
        "position": order, "xid": order, "event_id": np.full(TOUCHES, ""),
        "person": np.char.mod("p%d", rng.integers(0, people, TOUCHES)),
        "at": rng.integers(0, DAYS * _DAY, TOUCHES), "kind": kinds, "channel": chosen,
        "campaign": chosen, "source": chosen, "medium": chosen, "viewable": nothing,
        "view_ms": nothing, "rejected": rng.random(TOUCHES) < 0.01,
    }  # fmt: skip
    return _table(TOUCHPOINTS, columns)


def _conversions(rng: np.random.Generator, people: int) -> pa.Table:
    size = TOUCHES // 20
    order = np.arange(TOUCHES + 1, TOUCHES + 1 + size)
    columns = {
        "position": order, "xid": order, "event_id": np.full(size, ""),
        "person": np.char.mod("p%d", rng.integers(0, people, size)),
        "at": rng.integers(0, DAYS * _DAY, size), "conversion_type": np.full(size, "purchase"),
        "value": rng.integers(1, 100, size) * 1_000_000, "order_id": np.full(size, ""),
        "origin": np.full(size, "bench"), "counts": rng.random(size) < 0.98,
    }  # fmt: skip
    return _table(CONVERSIONS, columns)


def _table(table: Table, columns: dict[str, Any]) -> pa.Table:
    arrays = [pa.array(columns[each.name]).cast(each.type) for each in table.columns]
    return pa.table(arrays, schema=table.schema)


def _write(folder: Path, table: Table, rows: pa.Table) -> None:
    """A folder for each day, as an export has them."""
    days = rows["at"].to_numpy() // _DAY
    for day in range(DAYS):
        target = folder / table.name / f"day={np.datetime64(0, 'D') + day}" / "part-0.parquet"
        target.parent.mkdir(parents=True)
        pq.write_table(rows.filter(pa.array(days == day)), target, compression="zstd")


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"attribution/scale-out": scale_out}
