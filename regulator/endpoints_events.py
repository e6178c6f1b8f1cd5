"""``POST /api/v1/gaming/events`` in the API's document; served by ``regulator.feeds.serving``."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from ingest.documents import PROBLEM
from ingest.endpoints import Collector, answer
from regulator.contracts import GameType, RecordKind
from regulator.feeds import serving

_TEXT = {"type": "string"}
_TIME = {"type": "string", "format": "date-time"}
_WHOLE = {"type": "integer", "minimum": 0}
RECORD: dict[str, Any] = {
    "type": "object",
    "required": ["id", "type", "sequence", "occurred_at"],
    "properties": {
        "id": {**_TEXT, "maxLength": 100, "description": "Yours; makes a retry recognisable."},
        "type": {"type": "string", "enum": [str(each) for each in RecordKind]},
        "operator": {**_TEXT, "description": "The key's own, where given."},
        "sequence": {"type": "integer", "minimum": 1, "description": "1, 2, 3 … without a gap."},
        "amount": {**_WHOLE, "description": "In the currency's smallest unit."},
        "currency": {**_TEXT, "example": "EUR"},
        "game_type": {"type": "string", "enum": [str(each) for each in GameType]},
        "player": {**_TEXT, "maxLength": 64, "description": "Your pseudonym of the player."},
        "occurred_at": _TIME,
        "since": {**_TIME, "description": "Of no_activity: nothing was played from here on."},
    },
}
BATCH: dict[str, Any] = {
    "type": "object",
    "required": ["events"],
    "properties": {"events": {"type": "array", "maxItems": 1000, "items": RECORD}},
}
TAKEN: dict[str, Any] = {
    "type": "object",
    "required": ["accepted", "duplicates", "rejected", "receipt"],
    "properties": {
        "accepted": _WHOLE,
        "duplicates": _WHOLE,
        "rejected": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["index", "code", "detail"],
                "properties": {"index": _WHOLE, "code": _TEXT, "detail": _TEXT},
            },
        },
        "receipt": {
            "type": "string",
            "nullable": True,
            "description": "A signed note over all records of the batch that the log now holds.",
        },
    },
}
_ERRORS = {
    status: OpenApiResponse(response=PROBLEM, description=text)
    for status, text in {
        400: "The body can't be read",
        401: "No valid key",
        403: "The key is not of a feed, or its operator is not registered",
        413: "Too large, or too many events",
        429: "Too many requests, or the month's events are used up; Retry-After says when",
        503: "The log can't be written now; send the same again",
    }.items()
}


class GamingEvents(Collector):
    """``POST /api/v1/gaming/events``."""

    scope = "feed"

    @extend_schema(
        operation_id="gaming_events_create",
        tags=["regulator"],
        summary="Send an operator's stakes, payouts and refunds",
        description=(
            "At most 1,000 events and 5 MB, plain or gzip, by a key of that one operator. Good"
            " events of a batch are kept when others are rejected; the same event again (same id)"
            " is answered as a duplicate. The answer holds a signed receipt, chained to the one"
            " before."
        ),
        request={"application/json": BATCH},
        responses={200: OpenApiResponse(response=TAKEN, description="Taken"), **_ERRORS},
        auth=[{"key": []}],  # type: ignore[list-item]  # the library documents objects
    )
    def post(self, request: Request) -> HttpResponse:
        """Take an operator's events."""
        return answer(request._request, "gaming", serving.serve)
