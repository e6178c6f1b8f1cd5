"""Files of paths to frames: CSV (also compressed), Parquet, JSON lines."""

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa

from attribution.credit.errors import CreditError

_READABLE = ".csv, .csv.gz, .parquet, .jsonl, .ndjson or .json (one object per line)"


def read_file(path: Path) -> pd.DataFrame:
    """The table in ``path``, by its ending. Raises ``CreditError`` for what can't be read."""
    name = path.name.lower().removesuffix(".gz")
    if not path.is_file():
        raise CreditError(f"There is no file {path}.")
    try:
        if name.endswith(".csv"):
            return pd.read_csv(path)
        if name.endswith((".parquet", ".pq")):
            return pd.read_parquet(path)
        if name.endswith((".jsonl", ".ndjson", ".json")):
            return pd.read_json(path, lines=True)
    except (OSError, ValueError, EOFError, pa.ArrowException, json.JSONDecodeError) as error:
        raise CreditError(f"{path} can't be read: {str(error).strip()}") from None
    raise CreditError(f"{path.name} has no known ending: {_READABLE}.")
