"""An event's outline for a person who looks for a mistake: names and kinds, no personal value.

A rejected event may hold anything anywhere, so values are shown only of a few fields that describe
the event itself; of all others the outline says what kind of value stands there. A sender's own id
may be made of a person's, so it is shown as the id the log would know the event by.
"""

from typing import Any

import msgspec

from kernel.ids import event_id

LENGTH = 600
_SHOWN = frozenset({"type", "timestamp", "event"})
_IDS = frozenset({"id", "messageId", "message_id"})
_SHOWN_LENGTH = 60
_DEPTH = 3
_WIDTH = 20


def outline(value: Any) -> str:
    """JSON text of at most ``LENGTH`` characters."""
    if isinstance(value, msgspec.Struct):
        value = {
            name: each for name, each in msgspec.structs.asdict(value).items() if each is not None
        }
    return msgspec.json.encode(_outline(value, 0)).decode()[:LENGTH]


def _outline(value: Any, depth: int) -> Any:
    if isinstance(value, msgspec.Struct):
        value = {
            name: each for name, each in msgspec.structs.asdict(value).items() if each is not None
        }
    if isinstance(value, dict):
        if depth >= _DEPTH:
            return "object"
        return {
            str(name)[:_SHOWN_LENGTH].encode("utf-8", "replace").decode(): _field(name, each, depth)
            for name, each in list(value.items())[:_WIDTH]
        }
    if isinstance(value, list):
        return [_outline(each, depth + 1) for each in value[:2]] if depth < _DEPTH else "list"
    return _kind(value)


def _field(name: str, value: Any, depth: int) -> Any:
    if depth == 0 and name in _IDS and isinstance(value, str):
        return str(event_id(value.encode("utf-8", "replace").decode()))
    if depth == 0 and name in _SHOWN and "@" not in str(value):
        return str(value)[:_SHOWN_LENGTH].encode("utf-8", "replace").decode()
    return _outline(value, depth + 1)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return f"text of {len(value)}" if isinstance(value, str) else type(value).__name__
