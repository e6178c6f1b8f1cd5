"""Small files as whole tables, by their ending: CSV (also compressed), Parquet, JSON lines."""

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa

from kernel.errors import InvalidInput

_READABLE = ".csv, .csv.gz, .parquet, .jsonl, .ndjson or .json (one object per line)"


class TableUnreadable(InvalidInput):
    """A file that is no table; the sentence says why."""

    code = "unreadable_table"
    title = "The file can't be read"


def read_table(path: Path) -> pd.DataFrame:
    """The table in ``path``. Raises ``TableUnreadable``."""
    name = path.name.lower().removesuffix(".gz")
    if not path.is_file():
        raise TableUnreadable(f"There is no file {path}.")
    try:
        if name.endswith(".csv"):
            return pd.read_csv(path)
        if name.endswith((".parquet", ".pq")):
            return pd.read_parquet(path)
        if name.endswith((".jsonl", ".ndjson", ".json")):
            return pd.read_json(path, lines=True)
    except (OSError, ValueError, EOFError, pa.ArrowException, json.JSONDecodeError) as error:
        raise TableUnreadable(f"{path} can't be read: {str(error).strip()}") from None
    raise TableUnreadable(f"{path.name} has no known ending: {_READABLE}.")
