"""One line for every request, and the id by which all its lines, and its tasks' lines, are found.

A line names the route, never the path: paths carry one-time tokens and people's pseudonyms.
"""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from kernel import about

HEADER = "X-Request-ID"
_RAW = HEADER.lower().encode()
QUIET = frozenset({"static", "healthz", "readyz", "metrics"})
"""Routes that are asked all the time and say nothing when they work."""

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_log = logging.getLogger(__name__)


class Requests:
    """ASGI middleware around all that answers HTTP."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request under its id; the answer carries it."""
        own = about.request_id(dict(scope["headers"]).get(_RAW, b"").decode("latin-1"))
        began = time.monotonic()
        status = 0

        async def answer(message: Mapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", []), (_RAW, own.encode())]
                message = {**message, "headers": headers}
            await send(message)

        with about.about(request=own):
            try:
                await self._application(scope, receive, answer)
            finally:
                _write(scope, status, time.monotonic() - began)


def _write(scope: Message, status: int, seconds: float) -> None:
    route = about.known().get("route", "")
    if scope["path"].startswith("/static/"):
        route = "static"
    quiet = route in QUIET and status < 400
    fields = {
        "method": scope["method"],
        "route": route or "none",
        "status": status,  # 0: the client left before an answer
        "ms": round(seconds * 1000, 1),
    }
    level = logging.DEBUG if quiet else logging.INFO
    _log.log(level, "request.answered", extra={"fields": fields})


class Named:
    """Django middleware: which route a request has, and which user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Only a user somebody has looked up already: a line is worth no query."""
        user = getattr(request, "_cached_user", None)
        if user is not None and user.pk is not None:
            about.note(user=str(user.pk))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> None:
        """The route that was found, with its parameters' names in place of their values."""
        if request.resolver_match is not None:
            about.note(route=request.resolver_match.route or "/")
