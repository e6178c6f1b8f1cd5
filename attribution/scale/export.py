"""Write a tenant's tables as Parquet, one file a day; what did not change since is left alone.

A file is written beside its place and moved there when it is whole, and only then noted in the
manifest: a stopped export goes on where it stopped, and the next one writes the days that changed.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection, transaction

from attribution.projection import sums
from attribution.projection.standing import standing
from attribution.scale.manifest import Manifest, read_manifest, save
from attribution.scale.tables import Table

_ROWS = 50_000

Progress = Callable[[str, int, int], None]
"""Table, files done, files there are."""


def export(
    folder: Path, *, tenant: str, currency: str, tables: tuple[Table, ...], progress: Progress
) -> Manifest:
    """Bring ``folder`` up to date with the active tenant's tables."""
    folder.mkdir(parents=True, exist_ok=True)
    before = read_manifest(folder)
    manifest = Manifest(
        tenant=tenant, currency=currency, rules=standing().rules, log=sums.checkpoint(),
        files=before.files if before else {}, rows=before.rows if before else {},
    )  # fmt: skip
    for table in tables:
        _table(folder, table, manifest, progress)
    return manifest


def _table(folder: Path, table: Table, manifest: Manifest, progress: Progress) -> None:
    found = {day: (count, mark) for day, count, mark in sums.rows(table.days, [])}
    known = manifest.files.setdefault(table.name, {})
    for day in [each for each in known if date.fromisoformat(each) not in found]:
        _file(folder, table, day).unlink(missing_ok=True)
        del known[day]
    for done, (day, (count, mark)) in enumerate(found.items()):
        progress(table.name, done, len(found))
        name, note = day.isoformat(), f"{count}:{mark}"
        if known.get(name) != note or not _file(folder, table, name).is_file():
            _write(_file(folder, table, name), table, day)
            known[name] = note
            save(folder, manifest)
    manifest.rows[table.name] = sum(count for count, _ in found.values())
    save(folder, manifest)
    progress(table.name, len(found), len(found))


def _file(folder: Path, table: Table, day: str) -> Path:
    return folder / table.name / f"day={day}" / "part-0.parquet"


def _write(target: Path, table: Table, day: date) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(".writing")
    with closing(pq.ParquetWriter(beside, table.schema, compression="zstd")) as writer:
        for rows in _rows(table, day):
            columns = zip(*rows, strict=True)
            arrays = [
                pa.array(list(values), type=column.type)
                for values, column in zip(columns, table.columns, strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=table.schema))
    beside.replace(target)


def _rows(table: Table, day: date) -> Iterator[list[tuple[Any, ...]]]:
    """Rows in blocks through a cursor on the server: a day need not fit into memory."""
    with transaction.atomic(), connection.cursor() as first:
        first.execute("SELECT 1")  # makes the tenant's schema the active one
        with connection.connection.cursor(name="export") as cursor:
            cursor.execute(table.of_day, [day])
            while rows := cursor.fetchmany(_ROWS):
                yield rows
