"""The database can't be reached, or broke off: one answer for pages and API, and no stack trace.

The collectors have their own, which says that nothing of a batch was acknowledged.
"""

import logging
import sys

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from kernel.errors import Unavailable, problem
from portal import views

AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
RETRY_AFTER_SECONDS = 5


class DatabaseAway(Unavailable):
    """Nothing was changed; the same request may be sent again."""

    code = "database_away"
    title = "The database can't be reached"


def refusal() -> DatabaseAway:
    """What to answer; ``retry_after`` is in its data."""
    return DatabaseAway(
        "The database can't be reached at the moment; send the same again.",
        retry_after=RETRY_AFTER_SECONDS,
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for what nobody caught: 503 where the database failed us, else 500."""
    if not isinstance(sys.exc_info()[1], AWAY):
        return views.server_error(request)
    answer: HttpResponse
    if request.path.startswith(("/api/", "/v1/")):
        answer = JsonResponse(
            problem(refusal(), instance=request.path),
            status=503,
            content_type="application/problem+json",
        )
    else:
        answer = HttpResponse(render_to_string("portal/503.html"), status=503)
    answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


class Expected(logging.Filter):
    """Keeps the words of a failure that has its own answer, without the places it passed."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        if record.exc_info and isinstance(record.exc_info[1], AWAY):
            record.exc_info = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True
