"""The line on every page while something critical is open and nobody has seen to it."""

from django.core.cache import cache
from django.urls import reverse

from alerts import queries
from alerts.live import AWAY
from eventlog.tenancy import SHARED, active_schema
from portal.notices import Notice

_KEY = "critical-alerts"
_SECONDS = 10


def critical() -> list[Notice]:
    """What is critical in the active tenant; looked up every ten seconds at most."""
    if active_schema() == SHARED:
        return []
    known = _known()
    if known is None:
        known = [(each.id, each.title) for each in queries.critical()]
        _remember(known)
    if not known:
        return []
    number, title = known[0]
    more = f" and {len(known) - 1} more" if len(known) > 1 else ""
    url = reverse("alert", args=[number]) if len(known) == 1 else reverse("alerts")
    return [Notice(level="error", text=f"{title}{more}", url=url, action="See to it")]


def forget() -> None:
    """Look again at the next page: something changed."""
    try:
        cache.delete(_KEY)
    except AWAY:
        return


def _known() -> list[tuple[int, str]] | None:
    try:
        found: list[tuple[int, str]] | None = cache.get(_KEY)
    except AWAY:
        return None
    return found


def _remember(known: list[tuple[int, str]]) -> None:
    try:
        cache.set(_KEY, known, _SECONDS)
    except AWAY:
        return
