"""The probes there are; an app adds its own from its AppConfig."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from health.contracts import Limits, Reading


class Scope(StrEnum):
    """Whether a part is the whole service's, or one of each tenant's."""

    SERVICE = "service"
    TENANT = "tenant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How a part is read; ``advice`` says what to do when it does not work.

    ``read`` runs in the tenant's schema for tenant parts, and does not raise when what it looks at
    is away: that is a reading too.
    """

    name: str
    label: str
    scope: Scope
    read: Callable[[], Reading]
    advice: str
    limits: Limits = field(default_factory=Limits)


Source = Callable[[], tuple[Probe, ...]]
_probes: dict[str, Probe] = {}
_sources: list[Source] = []


def register(probe: Probe) -> None:
    """Add ``probe``; one registered again under its name replaces the earlier."""
    _probes[probe.name] = probe


def register_source(source: Source) -> None:
    """Ask ``source`` for more probes each time: what it knows may grow while apps load."""
    if source not in _sources:
        _sources.append(source)


def probes(scope: Scope) -> tuple[Probe, ...]:
    """The probes of a scope in the order they were registered."""
    found = [*_probes.values(), *(probe for source in _sources for probe in source())]
    return tuple(probe for probe in found if probe.scope is scope)
