"""The line on every page while something critical is open and nobody has seen to it."""

from django.urls import reverse

from alerts import queries
from eventlog.tenancy import SHARED, active_schema
from portal import notices
from portal.notices import Notice

_KEY = "critical-alerts"


def critical() -> list[Notice]:
    """What is critical in the active tenant."""
    if active_schema() == SHARED:
        return []
    known = notices.remembered(_KEY, _critical)
    if not known:
        return []
    number, title = known[0]
    more = f" and {len(known) - 1} more" if len(known) > 1 else ""
    url = reverse("alert", args=[number]) if len(known) == 1 else reverse("alerts")
    return [Notice(level="error", text=f"{title}{more}", url=url, action="See to it")]


def forget() -> None:
    """Something changed."""
    notices.forget(_KEY)


def _critical() -> list[tuple[int, str]]:
    return [(each.id, each.title) for each in queries.critical()]
