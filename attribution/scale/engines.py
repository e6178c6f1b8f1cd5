"""Where the expression of paths runs: DuckDB or Spark over an export, Postgres over the tables.

Spark here is a driver with its executors in one process, bound to this machine alone and ended with
the block; a cluster reads the same files with the same expression.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import ibis
import numpy as np
from psycopg.conninfo import conninfo_to_dict

from attribution.credit import Paths
from attribution.credit.errors import CreditError
from attribution.scale.manifest import read_manifest
from attribution.scale.paths import frame, paths
from attribution.scale.tables import CONVERSIONS, TOUCHPOINTS

Tables = tuple[Any, Any]
_MICRO = 1_000_000
_LONGEST_WAIT = 20


@contextmanager
def duckdb(folder: Path) -> Iterator[Tables]:
    """Touchpoints and conversions of an export in DuckDB, inside this process."""
    connection = ibis.duckdb.connect()
    try:
        yield _parquet(connection, folder)
    finally:
        connection.disconnect()


@contextmanager
def spark(folder: Path, *, cores: int = 2) -> Iterator[Tables]:
    """The same in Spark, on ``cores`` of this machine; raises ``CreditError`` without Java."""
    session = _session(cores)
    try:
        yield _parquet(ibis.pyspark.connect(session), folder)
    finally:
        _end(session)


@contextmanager
def postgres(url: str, schema: str) -> Iterator[Tables]:
    """The same on a tenant's own tables."""
    at = conninfo_to_dict(url)
    connection = ibis.postgres.connect(
        host=at.get("host"), port=at.get("port", 5432), user=at.get("user"),
        password=at.get("password"), database=at.get("dbname"), schema=schema,
    )  # fmt: skip
    try:
        # The schema is given, so that no view is made to find it out.
        touchpoints, conversions = (
            connection.sql(table.select, schema=ibis.Schema.from_pyarrow(table.schema))
            for table in (TOUCHPOINTS, CONVERSIONS)
        )
        yield touchpoints, conversions
    finally:
        connection.disconnect()


ENGINES: dict[str, Callable[[Path], AbstractContextManager[Tables]]] = {
    "duckdb": duckdb,
    "spark": spark,
}


def of_export(folder: Path, engine: str, *, by: str = "channel") -> Paths:
    """The paths of an export, aggregated by an engine; value in whole units of money.

    Raises ``CreditError`` where there is no export, or no engine.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise CreditError(f"{folder} is no export: `manage.py export` makes one.")
    with ENGINES[engine](folder) as (touchpoints, conversions):
        return counted(paths(touchpoints, conversions, manifest.rules, by=by).execute())


def counted(found: Any) -> Paths:
    """The expression's outcome as ``Paths``. Refunds that outweigh sales count as no value."""
    rows = frame(found)
    labels = sorted({label for path in rows["path"] for label in path})
    number = {label: place for place, label in enumerate(labels)}
    conversions = rows["conversions"].to_numpy(dtype=np.float64)
    value = rows["value"].to_numpy(dtype=np.float64)
    lengths = [len(path) for path in rows["path"]]
    tokens = [number[label] for path in rows["path"] for label in path]
    return Paths(
        channels=tuple(labels),
        tokens=np.array(tokens, dtype=np.int32),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        conversions=conversions,
        value=np.where(conversions > 0, np.maximum(value, 0.0), 0.0) / _MICRO,
        nulls=rows["nulls"].to_numpy(dtype=np.float64),
    )


def _parquet(connection: Any, folder: Path) -> Tables:
    touchpoints, conversions = (
        connection.read_parquet(str(folder / name), table_name=name)
        if connection.name == "pyspark"
        else connection.read_parquet(str(folder / name / "*" / "*.parquet"), table_name=name)
        for name in (TOUCHPOINTS.name, CONVERSIONS.name)
    )
    return touchpoints, conversions


def _session(cores: int) -> Any:
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    builder = SparkSession.builder.master(f"local[{cores}]").appName("touchstone")
    for name, value in {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(4 * cores),
    }.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (PySparkRuntimeError, FileNotFoundError) as error:
        raise CreditError(f"Spark needs Java 17 or later: {error}") from None


def _end(session: Any) -> None:
    """Stop Spark and wait until its Java process is gone."""
    gateway = session.sparkContext._gateway  # the only way to its process
    session.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait(timeout=_LONGEST_WAIT)
