"""Files of clicks and installs to columns: CSV (also compressed), Parquet, JSON lines."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from fraud.ctit.clicks import Clicks
from ingest.imports.tables import TableUnreadable, read_table
from kernel.errors import InvalidInput


class ClicksUnusable(InvalidInput):
    """A file of clicks that can't be judged; the sentence says why."""

    code = "invalid_clicks"
    title = "The clicks can't be judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What a file's columns are called.

    A row is a click; ``installed`` is empty where nothing followed. A file of installs alone has
    their CTIT in seconds in ``seconds``, or both times in every row.
    """

    source: str = "source"
    clicked: str = "clicked_at"
    installed: str = "installed_at"
    seconds: str | None = None


def read(path: Path, columns: Columns) -> Clicks:
    """The clicks in ``path``. Raises ``ClicksUnusable`` for what can't be read or has no installs.

    Rows without a source, with a time that is none, or whose install came before its click are left
    out and counted. That every click has an install means that only installs were listed.
    """
    frame = _frame(path)
    wanted = [columns.source, *([columns.seconds] if columns.seconds else _times(columns))]
    missing = [name for name in wanted if name not in frame]
    if missing:
        raise ClicksUnusable(
            f"{path.name} has no column {', '.join(missing)}; it has {', '.join(map(str, frame))}."
        )
    seconds, empty = _seconds(frame, columns)
    return gather(frame[columns.source], seconds, empty)


def gather(source: pd.Series, seconds: pd.Series, empty: pd.Series) -> Clicks:
    """Columns of clicks from a row each: whose, its CTIT, and whether nothing followed it."""
    named = source.notna() & (source.astype("string").str.strip() != "").fillna(False)
    unreadable = ~named | (seconds.isna() & ~empty)
    backwards = named & (seconds < 0)
    kept = ~unreadable & ~backwards
    if not (kept & ~empty).any():
        raise ClicksUnusable("No install could be read, so there is nothing to judge.")
    names, place = np.unique(source[kept].astype(str).to_numpy(dtype=str), return_inverse=True)
    installed = ~empty[kept].to_numpy(dtype=bool)
    made = np.bincount(place, minlength=len(names)).astype(np.int64)
    return Clicks(
        sources=tuple(names.tolist()),
        source=place[installed].astype(np.int64),
        seconds=seconds[kept].to_numpy(dtype=np.float64)[installed],
        clicks=None if installed.all() else made,
        unreadable=int(unreadable.sum()),
        backwards=int(backwards.sum()),
    )


def _times(columns: Columns) -> list[str]:
    return [columns.clicked, columns.installed]


def _seconds(frame: pd.DataFrame, columns: Columns) -> tuple[pd.Series, pd.Series]:
    if columns.seconds:
        given = frame[columns.seconds]
        found = pd.to_numeric(given, errors="coerce").astype("float64")
        return found.where(np.isfinite(found)), _blank(given)
    clicked, installed = (_moments(frame[name]) for name in _times(columns))
    return (installed - clicked).dt.total_seconds(), _blank(frame[columns.installed])


def _moments(given: pd.Series) -> pd.Series:
    return pd.to_datetime(given, errors="coerce", utc=True, format="ISO8601")


def _blank(given: pd.Series) -> pd.Series:
    return given.isna() | (given.astype("string").str.strip() == "").fillna(False)


def _frame(path: Path) -> pd.DataFrame:
    try:
        return read_table(path)
    except TableUnreadable as error:
        raise ClicksUnusable(error.detail) from None
