"""Read CSV, NDJSON and Parquet (the first two also gzipped) as rows of named values, streaming."""

import csv
import gzip
import hashlib
import io
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from kernel.errors import InvalidInput

Row = dict[str, Any]
FORMATS = ("csv", "ndjson", "parquet")
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "ndjson",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_BATCH = 2_000


class UnreadableFile(InvalidInput):
    """The file is not what its name or the chosen format says."""

    code = "unreadable_file"
    title = "The file can't be read"


def digest(path: Path) -> str:
    """SHA-256 of the file as it lies there, in hex: the file's identity."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def format_of(name: str) -> str:
    """The format a file name stands for; raises ``UnreadableFile``."""
    path = Path(name.lower().removesuffix(".gz"))
    try:
        return _SUFFIXES[path.suffix]
    except KeyError:
        raise UnreadableFile(f"{name}: say which format it is ({', '.join(FORMATS)}).") from None


def rows(path: Path, format: str | None = None) -> Iterator[Row]:
    """The file's rows in order; raises ``UnreadableFile`` where it stops being readable.

    A line of NDJSON that is no object becomes ``{"": the text}``, for the mapping to turn away.
    """
    kind = format or format_of(path.name)
    reader = {"csv": _csv, "ndjson": _ndjson, "parquet": _parquet}[kind]
    try:
        yield from reader(path)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error, ValueError) as error:
        raise UnreadableFile(f"{path.name}: {error}") from error


def _open(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast("BinaryIO", gzip.open(path, "rb")) if packed else path.open("rb")


def _csv(path: Path) -> Iterator[Row]:
    with _open(path) as file, io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
        first = text.readline()
        if not first.strip():
            return
        separator = max(",;\t|", key=first.count)
        lines = csv.reader(chain([first], text), delimiter=separator)
        header = [name.strip() for name in next(lines)]
        for values in lines:
            if values:
                yield dict(zip(header, values, strict=False))


def _ndjson(path: Path) -> Iterator[Row]:
    decoder = msgspec.json.Decoder()
    with _open(path) as file:
        for line in file:
            if not line.strip():
                continue
            try:
                row = decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                row = None
            yield row if isinstance(row, dict) else {"": line.decode("utf-8", "replace").strip()}


def _parquet(path: Path) -> Iterator[Row]:
    from pyarrow import parquet

    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=_BATCH):
            yield from batch.to_pylist()
