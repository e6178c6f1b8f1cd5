"""The line on every page while something a tenant depends on stands still."""

from django.urls import reverse

from eventlog.tenancy import SHARED, active_schema
from health import queries
from portal.notices import Notice, remembered

_KEY = "health-notice"


def standing_still() -> list[Notice]:
    """What stands still for the active tenant."""
    if active_schema() == SHARED:
        return []
    labels = remembered(_KEY, _labels)
    if not labels:
        return []
    verb = "stands" if len(labels) == 1 else "stand"
    text = f"{', '.join(labels)} {verb} still. Figures may be older than they seem."
    return [Notice(level="error", text=text, url=reverse("status"), action="What this means")]


def _labels() -> list[str]:
    return [each.label for each in queries.open_incidents()]
