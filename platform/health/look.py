"""Look at the parts: read them by their probes and judge what was read."""

from collections.abc import Mapping
from datetime import datetime

from health.contracts import Part
from health.judge import part
from health.registry import Probe, Scope, probes


def parts(scope: Scope, since: Mapping[str, datetime]) -> tuple[Part, ...]:
    """All parts of a scope as they are now; tenant parts are the active tenant's.

    ``since`` says when those that stand still were first seen so.
    """
    return tuple(_look(probe, since) for probe in probes(scope))


def _look(probe: Probe, since: Mapping[str, datetime]) -> Part:
    return part(
        name=probe.name,
        label=probe.label,
        reading=probe.read(),
        limits=probe.limits,
        advice=probe.advice,
        since=since.get(probe.name),
    )
