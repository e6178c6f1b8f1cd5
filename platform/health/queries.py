"""How the product is for a tenant, and for those who run it."""

from eventlog.tenancy import active_tenant
from health import incidents, look
from health.contracts import IncidentItem, Part, State, Status
from health.judge import worst
from health.registry import Scope
from kernel import clock


def status() -> Status:
    """Everything the active tenant depends on, the worst first. Needs the database."""
    schema, now = active_tenant(), clock.now()
    since = incidents.standing(schema)
    parts = [*look.parts(Scope.TENANT, since), *look.parts(Scope.SERVICE, since)]
    order = list(State)
    parts.sort(key=lambda part: -order.index(part.state))
    return Status(
        state=worst([part.state for part in parts]),
        parts=tuple(parts),
        incidents=incidents.recent(schema, now=now),
        looked_at=now,
    )


def service() -> tuple[Part, ...]:
    """The parts of the whole service; works while any of them is away."""
    return look.parts(Scope.SERVICE, {})


def open_incidents() -> tuple[IncidentItem, ...]:
    """What stands still now for the active tenant."""
    found = incidents.recent(active_tenant(), now=clock.now())
    return tuple(each for each in found if each.closed_at is None)
