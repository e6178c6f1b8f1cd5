"""The live event debugger: the newest events of the log at once, then what arrives."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from eventlog import read
from ingest import live, rejections
from portal.pages import page, render_page

PERMISSION = "view_events"


@page(PERMISSION)
def events(request: HttpRequest) -> HttpResponse:
    """The newest events and rejections, newest first, and the socket that brings more."""
    shown = [live.stored(event) for event in read.latest(limit=live.SHOWN)]
    refused = [
        live.rejected(row, at=row.received_at.isoformat(), source=row.source)
        for row in rejections.latest(live.SHOWN)
    ]
    newest = sorted([*shown, *refused], key=lambda each: str(each["at"]), reverse=True)
    context = {"events": newest[: live.SHOWN], "api": _api(request), "shown": live.SHOWN}
    return render_page(request, "ingest/events.html", context)


def _api(request: HttpRequest) -> str:
    """Where events are sent: the bare host; the key says whose they are."""
    port = request.get_port()
    host = settings.BASE_DOMAIN if port in ("80", "443") else f"{settings.BASE_DOMAIN}:{port}"
    return f"{request.scheme}://{host}"
