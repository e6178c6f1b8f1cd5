"""Pages of a list, by cursor: stable while rows are being added, and cheap at any depth."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from kernel.errors import InvalidInput

T = TypeVar("T")


class InvalidCursor(InvalidInput):
    """The cursor was not made by this list, or was cut on its way."""

    code = "invalid_cursor"
    title = "Invalid cursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some items and the cursor of the next page (``None`` at the end)."""

    items: Sequence[T]
    next_cursor: str | None


def encode_cursor(*key: str | int) -> str:
    """Pack the sort key of the last item of a page into an opaque token."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def decode_cursor(token: str, types: tuple[type, ...]) -> tuple[str | int, ...]:
    """Unpack a token made by ``encode_cursor``; anything else raises ``InvalidCursor``."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        key = msgspec.json.decode(raw)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise InvalidCursor("This cursor is not one this list gave out.") from error
    if (
        not isinstance(key, list)
        or len(key) != len(types)
        or not all(type(part) is kind for part, kind in zip(key, types, strict=True))
    ):
        raise InvalidCursor("This cursor is not one this list gave out.")
    return tuple(key)
