"""The line on every page while something a tenant depends on stands still."""

from django.core.cache import cache
from django.urls import reverse

from eventlog.tenancy import SHARED, active_schema
from health import queries
from health.beats import AWAY
from portal.notices import Notice

_KEY = "health-notice"
_SECONDS = 10


def standing_still() -> list[Notice]:
    """What stands still for the active tenant; looked up every ten seconds at most."""
    if active_schema() == SHARED:
        return []
    labels = _known()
    if labels is None:
        labels = [each.label for each in queries.open_incidents()]
        _remember(labels)
    if not labels:
        return []
    verb = "stands" if len(labels) == 1 else "stand"
    text = f"{', '.join(labels)} {verb} still. Figures may be older than they seem."
    return [Notice(level="error", text=text, url=reverse("status"), action="What this means")]


def _known() -> list[str] | None:
    try:
        found: list[str] | None = cache.get(_KEY)
    except AWAY:
        return None
    return found


def _remember(labels: list[str]) -> None:
    try:
        cache.set(_KEY, labels, _SECONDS)
    except AWAY:
        return
