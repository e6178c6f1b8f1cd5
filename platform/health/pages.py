"""The status page."""

from django.http import HttpRequest, HttpResponse

from health import queries
from health.contracts import BROKEN, State
from portal.pages import page, render_page

TAGS = {
    State.WORKING: "tag-good",
    State.UNKNOWN: "",
    State.BEHIND: "tag-warn",
    State.STALLED: "tag-bad",
    State.AWAY: "tag-bad",
}


@page(None)
def status(request: HttpRequest) -> HttpResponse:
    """Every part by name: what waits, since when, what to do; and what stood still lately."""
    found = queries.status()
    context = {
        "status": found,
        "rows": [{"part": part, "tag": TAGS[part.state]} for part in found.parts],
        "broken": [part for part in found.parts if part.state in BROKEN],
        "behind": [part for part in found.parts if part.state is State.BEHIND],
    }
    return render_page(request, "health/status.html", context)
