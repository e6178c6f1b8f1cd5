"""Where the reference data of the measurements lies; tests that need it skip without it."""

from pathlib import Path

import pytest

from config import env

DATA = Path(env.text("TOUCHSTONE_DATA_DIR", str(env.ROOT.parent / "shared" / "data")))


def data_file(name: str) -> Path:
    """``name`` (e.g. "attribution/expected_pathdata.json") in the data folder, or a skip."""
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"{path} is absent: set TOUCHSTONE_DATA_DIR to the reference data")
    return path
