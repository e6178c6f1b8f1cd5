"""The collectors over HTTP: a thin shell around ``ingest.collect``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from eventlog.tenancy import activate
from ingest import auth, meters, problems
from ingest.collect import MAX_BODY_BYTES, Parts, collect
from ingest.documents import ACCEPTED, EVENTS, LINE, PROBLEM, SEGMENT_ACCEPTED, SEGMENT_BODY
from kernel import clock
from kernel.errors import DomainError, problem

_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
_RETRY_AFTER_SECONDS = "5"
_ERRORS = {
    status: OpenApiResponse(response=PROBLEM, description=text)
    for status, text in {
        400: "The body can't be read",
        401: "No valid key",
        403: "The key lacks the scope",
        413: "Too large, or too many events",
        415: "Unsupported content type or encoding",
        429: "Too many requests, or the month's events are used up; Retry-After says when",
        503: "The log can't be written now; send the same again",
    }.items()
}


def enter(key: str) -> auth.Principal:
    """The principal of ``key``, with its tenant's schema made active."""
    principal = auth.authenticate(key, "ingest")
    activate(principal.tenant)
    return principal


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back to the sender, whatever carries it."""

    status: int
    headers: dict[str, str]
    content: bytes


def take_in(parts: Parts) -> dict[str, Any]:
    """Collect the events of a request; the answer's document."""
    return collect(parts, enter=enter, now=clock.now())


Serve = Callable[[Parts], dict[str, Any]]
QUICK: dict[str, Serve] = {}
"""What else is served without Django's chain, by path; apps add theirs (``ingest.asgi``)."""


def respond(parts: Callable[[], Parts], path: str, serve: Serve = take_in) -> Answer:
    """Serve a request; every expected failure is a problem document.

    ``parts`` may raise what is wrong with the request as a ``DomainError``.
    """
    try:
        document = serve(parts())
    except DomainError as error:
        given = _problem(error, path)
    except _AWAY:
        away = problems.DatabaseAway("The log can't be written now; try again.")
        given = _problem(away, path)
    else:
        given = Answer(
            status=200,
            headers={"Content-Type": "application/json"},
            content=msgspec.json.encode(document),
        )
    meters.request(given.status)
    return given


def answer(request: HttpRequest, call: str, serve: Serve = take_in) -> HttpResponse:
    """The collector as a Django view."""
    given = respond(lambda: _parts(request, call), request.path, serve)
    return HttpResponse(given.content, status=given.status, headers=given.headers)


def _parts(request: HttpRequest, call: str) -> Parts:
    meta = request.META
    body: bytes = request.read(MAX_BODY_BYTES + 1)
    return Parts(
        call=call,
        body=body,
        content_type=meta.get("CONTENT_TYPE", ""),
        content_encoding=meta.get("HTTP_CONTENT_ENCODING", ""),
        authorization=meta.get("HTTP_AUTHORIZATION", ""),
    )


def _problem(error: DomainError, path: str) -> Answer:
    headers = {"Content-Type": "application/problem+json"}
    if error.http_status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="touchstone"'
    if "retry_after" in error.data:
        headers["Retry-After"] = str(error.data["retry_after"])
    if error.http_status == 503:
        headers["Retry-After"] = _RETRY_AFTER_SECONDS
    return Answer(
        status=error.http_status,
        headers=headers,
        content=msgspec.json.encode(problem(error, instance=path)),
    )


class Collector(APIView):
    """An endpoint in the API's document; the request itself goes past the framework's parsers."""

    authentication_classes = ()
    permission_classes = ()
    scope = "ingest"
    call = ""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Authentication and content negotiation are the collector's own."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """The collector's answer is complete; a refused method is the framework's to render."""
        if isinstance(response, Response):
            return super().finalize_response(request, response, *args, **kwargs)
        return response


class Events(Collector):
    """``POST /api/v1/events``."""

    @extend_schema(
        operation_id="events_create",
        tags=["ingestion"],
        summary="Send events",
        description=(
            "At most 1,000 events and 5 MB, plain or gzip. Good events of a batch are kept when"
            " others are rejected; sending the same event again (same id and time) is answered as"
            " a duplicate."
        ),
        request={"application/json": EVENTS, "application/x-ndjson": LINE},
        responses={200: OpenApiResponse(response=ACCEPTED, description="Taken"), **_ERRORS},
        auth=[{"key": []}],  # type: ignore[list-item]  # the library documents objects
    )
    def post(self, request: Request) -> HttpResponse:
        """Take native events."""
        return answer(request._request, "events")


class Segment(Collector):
    """``POST /v1/<call>``: Segment's HTTP tracking API."""

    @extend_schema(
        tags=["ingestion"],
        summary="Send Segment messages",
        description=(
            "What the stock Segment libraries send: the write key as the user of basic"
            " authentication, as a bearer token, or as `writeKey` in the body."
        ),
        request={"application/json": SEGMENT_BODY},
        responses={200: OpenApiResponse(response=SEGMENT_ACCEPTED, description="Taken"), **_ERRORS},
        auth=[{"key": []}],  # type: ignore[list-item]  # the library documents objects
    )
    def post(self, request: Request) -> HttpResponse:
        """Take Segment messages."""
        return answer(request._request, self.call)
