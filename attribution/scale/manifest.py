"""What an export holds, in a file beside it. No database: whoever reads an export reads this."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from attribution.journeys.rules import Rules

MANIFEST = "export.json"


@dataclass(slots=True)
class Manifest:
    """``files[table][day]`` is a mark of the rows in it, ``rows`` counts them by table.

    ``rules`` are those the journeys were cut by, ``log`` is the place they were projected to.
    """

    tenant: str
    currency: str
    rules: Rules
    log: tuple[int, int]
    files: dict[str, dict[str, str]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of an export; ``None`` where there is none."""
    path = folder / MANIFEST
    return msgspec.json.decode(path.read_bytes(), type=Manifest) if path.is_file() else None


def save(folder: Path, manifest: Manifest) -> None:
    """Write the manifest beside its place and move it there."""
    beside = folder / f"{MANIFEST}.writing"
    text = msgspec.json.decode(msgspec.json.encode(manifest))
    beside.write_text(json.dumps(text, indent=1, sort_keys=True))
    beside.replace(folder / MANIFEST)
