"""Where are the database and Redis? Given by URL, or the embedded ones that were started here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NOWHERE_DATABASE = "postgresql://touchstone@127.0.0.1:1/touchstone"
NOWHERE_REDIS = "redis://127.0.0.1:1/0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The URLs to use; ``embedded`` says that they are this project's own servers."""

    database_url: str
    redis_url: str
    embedded: bool


def discover(env: Mapping[str, str], root: Path) -> Services:
    """The services to use.

    ``TOUCHSTONE_DATABASE_URL`` and ``TOUCHSTONE_REDIS_URL`` come first, then
    ``.touchstone/services.json``, written by the embedded servers. When there is neither, the URLs
    lead nowhere: commands that need no server still run, others fail at the first connection.
    """
    written = _written(Path(env.get("TOUCHSTONE_STATE", root / ".touchstone")) / "services.json")
    given = env.get("TOUCHSTONE_DATABASE_URL")
    return Services(
        database_url=given or written.get("database_url", NOWHERE_DATABASE),
        redis_url=env.get("TOUCHSTONE_REDIS_URL") or written.get("redis_url", NOWHERE_REDIS),
        embedded=given is None,
    )


def _written(path: Path) -> dict[str, str]:
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
