"""Networks on disk: each tenant's in a folder of its own, named by what is in them.

A file's name is the SHA-256 of its bytes, so a fit that names a digest can be checked, and what is
read is what was written.
"""

import hashlib
from collections.abc import Collection
from pathlib import Path

from django.conf import settings

from eventlog.tenancy import active_schema


def put(artefact: bytes) -> str:
    """Keep the bytes for the active tenant; their digest."""
    digest = hashlib.sha256(artefact).hexdigest()
    path = _folder() / f"{digest}.onnx"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        beside.write_bytes(artefact)
        beside.replace(path)
    return digest


def get(digest: str) -> bytes | None:
    """The bytes, or ``None`` where the active tenant has none of this name or they are damaged."""
    path = _folder() / f"{digest}.onnx"
    if not path.is_file():
        return None
    artefact = path.read_bytes()
    return artefact if hashlib.sha256(artefact).hexdigest() == digest else None


def keep_only(digests: Collection[str]) -> None:
    """Delete what no fit of the active tenant names any more."""
    for path in _folder().glob("*.onnx"):
        if path.stem not in digests:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.MODELS) / active_schema()
