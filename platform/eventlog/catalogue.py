"""The catalogue of event types: frozen structs under stable dotted names and versions.

A type is never named by its Python path. A changed shape is a new version with a pure upcaster from
the one before; every version ever shipped keeps a golden file in tests/golden/events and decodes
forever.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import msgspec

from eventlog.contracts import StoredEvent, UnknownEventType

Body = TypeVar("Body", bound=msgspec.Struct)
Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

_current: dict[str, tuple[int, type[msgspec.Struct]]] = {}
_upcasters: dict[tuple[str, int], Upcaster] = {}
_decoders: dict[str, msgspec.json.Decoder[Any]] = {}
_sent: set[str] = set()
_expiring: set[str] = set()


def event(
    name: str, *, version: int = 1, sent: bool = False, expires: bool = False
) -> Callable[[type[Body]], type[Body]]:
    """Register a frozen ``msgspec.Struct`` as the current shape of event type ``name``.

    With ``sent`` a key or a file may bring it in, as it may whatever a person does (ingestion's
    ``Observed``); every other type is the product's own word. What ``expires`` is about a person
    and goes when it is older than a tenant keeps such events; settings, costs, decisions and what
    people agreed to stay, for figures and duties stand on them.
    """

    def register(shape: type[Body]) -> type[Body]:
        known = _current.get(name)
        if known is not None and known[1].__qualname__ != shape.__qualname__:
            raise TypeError(f"event type {name!r} is registered twice")
        if not shape.__struct_config__.frozen:
            raise TypeError(f"{shape.__name__} must be frozen: events do not change")
        _current[name] = (version, shape)
        _decoders[name] = msgspec.json.Decoder(shape)
        if sent:
            _sent.add(name)
        if expires:
            _expiring.add(name)
        return shape

    return register


def upcaster(name: str, *, from_version: int) -> Callable[[Upcaster], Upcaster]:
    """Register the pure function that turns ``name`` v``from_version`` into the next version."""

    def register(function: Upcaster) -> Upcaster:
        _upcasters[(name, from_version)] = function
        return function

    return register


def known(name: str) -> bool:
    """Whether ``name`` is in the catalogue."""
    return name in _current


def is_sent(name: str) -> bool:
    """Whether ``name`` was registered as one that senders may bring in."""
    return name in _sent


def expiring() -> tuple[str, ...]:
    """The types of events that a tenant's retention concerns, by name."""
    return tuple(sorted(_expiring))


def version_of(name: str) -> int:
    """The current version of ``name``; raises ``UnknownEventType``."""
    return _entry(name)[0]


def shape_of(name: str) -> type[msgspec.Struct]:
    """The current struct of ``name``; raises ``UnknownEventType``."""
    return _entry(name)[1]


def all_types() -> Iterator[tuple[str, int, type[msgspec.Struct]]]:
    """Every type with its current version and shape, by name."""
    for name in sorted(_current):
        yield name, *_current[name]


def decode(stored: StoredEvent) -> Any:
    """The body of a stored event in its current shape, older versions upcast step by step."""
    return decode_payload(stored.type, stored.version, stored.payload)


def decode_payload(name: str, version: int, payload: str | bytes) -> Any:
    """As ``decode``, from the three columns; raises ``UnknownEventType``."""
    current, shape = _entry(name)
    if version == current:
        return _decoders[name].decode(payload)
    body: dict[str, Any] = msgspec.json.decode(payload)
    for step in range(version, current):
        upcast = _upcasters.get((name, step))
        if upcast is None:
            raise UnknownEventType(f"{name} v{step} has no upcaster to v{step + 1}.")
        body = upcast(body)
    if version > current:
        raise UnknownEventType(f"{name} v{version} is newer than this program (v{current}).")
    return msgspec.convert(body, shape)


def _entry(name: str) -> tuple[int, type[msgspec.Struct]]:
    try:
        return _current[name]
    except KeyError:
        raise UnknownEventType(f"There is no event type {name!r}.") from None
