"""The only reader of the environment. Strict: a value that can't be read stops the start, by name.

Every setting can be given as NAME or as NAME_FILE (a file that holds it, for secrets).
"""

import base64
import binascii
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class BadEnvironment(Exception):
    """An environment variable is missing or unreadable; the message says which."""


def text(name: str, default: str | None = None) -> str:
    """The variable ``name`` (or the content of the file ``name``_FILE), or ``default``."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise BadEnvironment(f"{name}_FILE: {path} can't be read ({error.strerror}).") from None
    value = os.environ.get(name, default)
    if value is None:
        raise BadEnvironment(f"{name} is not set.")
    return value


def flag(name: str, default: bool) -> bool:
    """``name`` as a boolean; only ``true`` and ``false`` are accepted."""
    value = text(name, "true" if default else "false").lower()
    if value not in ("true", "false"):
        raise BadEnvironment(f"{name} must be true or false, not {value!r}.")
    return value == "true"


def number(name: str, default: int) -> int:
    """``name`` as an integer."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise BadEnvironment(f"{name} must be a whole number, not {value!r}.") from None


def names(name: str, default: str) -> list[str]:
    """``name`` as a list of words separated by commas."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def shared_folder(name: str) -> str:
    """The folder ``name`` names, made if need be; empty when it is not set.

    For a library that reads the variable itself and wants the folder to be there.
    """
    path = text(name, "")
    if path:
        Path(path).mkdir(parents=True, exist_ok=True)
    return path


def keys(name: str) -> tuple[bytes, ...]:
    """``name`` as keys of 32 bytes in base64, separated by commas; none when it is not set."""
    found = []
    for word in names(name, ""):
        try:
            key = base64.b64decode(word, validate=True)
        except binascii.Error:
            key = b""
        if len(key) != 32:
            raise BadEnvironment(
                f"{name} must be 32 random bytes in base64 (or several, by commas)."
            )
        found.append(key)
    return tuple(found)


def with_files(*names: str) -> dict[str, str]:
    """The environment with ``names`` read from their files where only NAME_FILE is set."""
    given = {name: text(name, "") for name in names}
    return {**os.environ, **{name: value for name, value in given.items() if value}}


def everything() -> dict[str, str]:
    """A copy of the environment, for what starts other processes."""
    return dict(os.environ)
