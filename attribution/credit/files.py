"""Files of paths to frames."""

from pathlib import Path

import pandas as pd

from attribution.credit.errors import CreditError
from ingest.imports.tables import TableUnreadable, read_table


def read_file(path: Path) -> pd.DataFrame:
    """The table in ``path``, by its ending. Raises ``CreditError`` for what can't be read."""
    try:
        return read_table(path)
    except TableUnreadable as error:
        raise CreditError(error.detail) from None
