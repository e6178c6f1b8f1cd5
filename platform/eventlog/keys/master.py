"""The master keys: from the environment; outside production, one made on first use and kept.

The development key lies in the state folder beside the embedded database it protects: enough to
develop and to demonstrate, and refused in production (system check touchstone.E009).
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from eventlog.keys.wrap import KEY_BYTES, new_key
from kernel.errors import Unavailable


class NoMasterKey(Unavailable):
    """A production server was started without a master key."""

    code = "no_master_key"
    title = "The master key is missing"


def master_keys() -> tuple[bytes, ...]:
    """The key that wraps, then earlier ones that still open; raises ``NoMasterKey``."""
    if settings.MASTER_KEYS:
        return tuple(settings.MASTER_KEYS)
    if settings.PRODUCTION:
        raise NoMasterKey("TOUCHSTONE_MASTER_KEY is not set.", permanent=True)
    return (_development_key(settings.DEVELOPMENT_MASTER_KEY),)


def _development_key(path: Path) -> bytes:
    """The key in ``path``; made by whichever process comes first, readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(new_key())
        with suppress(FileExistsError):
            os.link(name, path)  # atomic, and never over a key that is there
        Path(name).unlink()
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise NoMasterKey(f"{path} does not hold {KEY_BYTES} bytes.", permanent=True)
    return key
