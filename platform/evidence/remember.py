"""The newest checkpoint a verification has seen, kept outside the database, in the state folder.

Whoever owns the database can cut a log back to an earlier state, checkpoints and all; a checkpoint
kept elsewhere tells.
"""

from pathlib import Path

from django.conf import settings

from eventlog.seal import statements
from eventlog.seal.statements import Remembered
from eventlog.tenancy import active_tenant


def recall() -> Remembered | None:
    """What was remembered of the active tenant's log, if anything."""
    path = _path()
    return statements.remembered(path.read_text()) if path.exists() else None


def remember(note: str) -> None:
    """Keep ``note`` as the newest checkpoint seen of the active tenant's log."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(note)
    fresh.replace(path)


def _path() -> Path:
    return Path(settings.STATE) / "checkpoints" / f"{active_tenant()}.txt"
