"""An export gives the credit the stores give, on DuckDB, Postgres and Spark; it resumes, and is one
tenant's alone."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from attribution import handlers, queries
from attribution.contracts import Model, Rules, Views, Window
from attribution.credit import attribute
from attribution.scale import engines
from attribution.scale.export import export
from attribution.scale.manifest import read_manifest
from attribution.scale.paths import paths
from attribution.scale.tables import TABLES, TOUCHPOINTS
from tests.attribution.stories import click, identified, purchase, rejected, rules_set, view

ROOT = Path(__file__).parents[3]
CHANNELS = ("Direct", "Display", "Email", "Organic Search", "Paid Search")
DAYS = {"start": date(2026, 8, 1), "end": date(2026, 12, 31)}
MODELS = (Model.FIRST, Model.LAST, Model.LINEAR, Model.POSITION, Model.SHAPLEY, Model.MARKOV)
pytestmark = [
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'future.infer_string' option"),
]


def story():
    """Sixty people by lot, with rules of their own, some touches rejected, some told twice."""
    rng = np.random.default_rng(3)
    settled = Rules(
        windows=(Window(channel="Email", days=7), Window(conversion_type="lead", days=60)),
        views=Views(days=3, clicks_win="channel"),
    )
    events = [rules_set(1, settled)]
    for position in range(2, 500):
        who, day = f"p{rng.integers(60)}", float(rng.integers(0, 90 * 24) / 24)
        what, channel = rng.random(), CHANNELS[rng.integers(len(CHANNELS))]
        if what < 0.6:
            events.append(click(position, who, day, channel))
        elif what < 0.75:
            events.append(view(position, who, day, channel))
        elif what < 0.78:
            events.append(identified(position, who, f"u{rng.integers(40)}", day))
        else:
            kind = ("purchase", "lead")[rng.integers(2)]
            order = f"o{rng.integers(60)}"
            worth = float(rng.integers(1, 90))
            events.append(purchase(position, who, day, worth, order=order, conversion_type=kind))
    return [*events, rejected(500, [int(n) for n in rng.integers(2, 500, 40)])]


@pytest.fixture
def told(committed_tenant):
    handlers.handle(story())
    while handlers.settle():
        pass
    return committed_tenant


def exported(folder, tables=TABLES):
    seen = []
    export(
        folder, tenant="x", currency="EUR", tables=tables,
        progress=lambda *step: seen.append(step),
    )  # fmt: skip
    return seen


def credit(counted, model):
    found = attribute(counted, str(model), replicates=0)
    return dict(zip(found.channels, zip(found.conversions, found.value, strict=True), strict=True))


def stored(model):
    report = queries.attribution(model=model, intervals=False, **DAYS)
    return {row.label: (row.conversions, row.value) for row in report.rows if row.conversions}


def assert_the_same(found, expected, total):
    """Conversions within 1e-9 of all; value but for the millionth by which a journey is rounded."""
    found = {label: each for label, each in found.items() if each[0]}
    assert found.keys() == expected.keys()
    for label, (conversions, value) in expected.items():
        assert found[label][0] == pytest.approx(conversions, rel=1e-9, abs=1e-9 * total)
        assert found[label][1] == pytest.approx(value, rel=1e-9, abs=1e-6 * total)


@pytest.mark.parametrize("model", MODELS)
def test_duckdb_gives_the_credit_of_the_stores(told, tmp_path, model):
    exported(tmp_path)

    counted = engines.of_export(tmp_path, "duckdb")

    assert_the_same(credit(counted, model), stored(model), counted.total_conversions)


def test_postgres_counts_the_same_paths_with_the_same_expression(told, tmp_path):
    exported(tmp_path)
    rules = read_manifest(tmp_path).rules

    with engines.postgres(settings.DATABASE_URL, told.schema_name) as tables:
        here = engines.counted(paths(*tables, rules).execute())

    there = engines.of_export(tmp_path, "duckdb")
    assert here.channels == there.channels
    for name in ("tokens", "offsets", "conversions", "nulls", "value"):
        assert np.array_equal(getattr(here, name), getattr(there, name))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java, and there is none")
def test_spark_gives_the_credit_of_the_stores_and_leaves_no_process(told, tmp_path):
    exported(tmp_path / "out")
    script = tmp_path / "on_spark.py"
    script.write_text(
        "import json, sys\n"
        "from pathlib import Path\n"
        "from attribution.credit import attribute\n"
        "from attribution.scale import engines\n"
        "counted = engines.of_export(Path(sys.argv[1]), 'spark')\n"
        "found = {m: attribute(counted, m, replicates=0) for m in sys.argv[2:]}\n"
        "print(json.dumps({m: [*zip(c.channels, c.conversions.tolist(), c.value.tolist())]\n"
        "    for m, c in found.items()}))\n"
    )
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}

    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "out"), *map(str, MODELS)],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    total = sum(each[0] for each in stored(Model.LINEAR).values())
    for model in MODELS:
        answer = {label: (conversions, value) for label, conversions, value in found[str(model)]}
        assert_the_same(answer, stored(model), total)
    assert str(tmp_path) not in _processes()


def _processes():
    """The command lines of what runs now; an unreadable one has just ended."""
    lines = []
    for each in Path("/proc").glob("[0-9]*/cwd"):
        try:
            lines.append(str(each.readlink()))
        except OSError:
            continue
    return " ".join(lines)


def test_an_export_goes_on_where_it_stopped(told, tmp_path, monkeypatch):
    from attribution.scale import export as module

    write, left = module._write, [5]

    def stops(*args):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        write(*args)

    monkeypatch.setattr(module, "_write", stops)
    with pytest.raises(KeyboardInterrupt):
        exported(tmp_path, (TOUCHPOINTS,))
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    left[0] = 10_000
    exported(tmp_path, (TOUCHPOINTS,))

    assert len(kept) == 5
    assert all(path.stat().st_mtime_ns == moment for path, moment in kept.items())
    rows = sum(pq.read_metadata(path).num_rows for path in tmp_path.rglob("*.parquet"))
    assert rows == read_manifest(tmp_path).rows["touchpoints"]


def test_only_the_days_that_changed_are_written_again(told, tmp_path):
    exported(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}

    handlers.handle([click(900, "p1", 10.5, "Email")])
    exported(tmp_path)

    changed = {
        path.relative_to(tmp_path).parts[0]
        for path, moment in before.items()
        if path.stat().st_mtime_ns != moment
    }
    assert {"touchpoints"} <= changed <= {"touchpoints", "journeys"}
    again = [path for path, moment in before.items() if path.stat().st_mtime_ns != moment]
    assert len(again) < 5


def test_progress_is_told_and_every_table_has_its_schema(told, tmp_path):
    seen = exported(tmp_path)

    assert {name for name, _, _ in seen} == {table.name for table in TABLES}
    assert all(done <= total for _, done, total in seen)
    for table in TABLES:
        for path in (tmp_path / table.name).rglob("*.parquet"):
            assert pq.read_schema(path).equals(table.schema)


def test_journeys_keep_their_touches_in_order(told, tmp_path):
    exported(tmp_path)

    found = pd.concat(map(pd.read_parquet, (tmp_path / "journeys").rglob("*.parquet")))

    listed = queries.journeys(limit=500).items
    assert sorted(map(tuple, found["channels"])) == sorted(each.path for each in listed)


def test_each_tenant_has_a_folder_of_its_own(told, tmp_path, capsys):
    slug = told.slug
    call_command("export", "--tenant", slug, "--to", str(tmp_path), "--tables", "touchpoints")

    assert [each.name for each in tmp_path.iterdir()] == [told.schema_name]
    assert read_manifest(tmp_path / told.schema_name).tenant == slug


def test_an_unknown_tenant_is_a_sentence(db, tmp_path):
    with pytest.raises(CommandError, match="no tenant"):
        call_command("export", "--tenant", "nobody", "--to", str(tmp_path))


def test_a_folder_that_is_no_export_is_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="no export"):
        call_command("attribute", str(tmp_path))
