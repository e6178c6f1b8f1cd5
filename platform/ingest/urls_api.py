"""Routes of the collectors."""

from django.urls import path
from drf_spectacular.utils import extend_schema

from ingest.endpoints import Events, Segment

_CALLS = ("batch", "track", "page", "screen", "identify", "alias", "group")


def _segment(call: str) -> type[Segment]:
    """The view of one Segment call, under a name of its own in the API's document."""
    view = type(f"Segment{call.title()}", (Segment,), {"call": call})
    return extend_schema(operation_id=f"segment_{call}")(view)


urlpatterns = [
    path("api/v1/events", Events.as_view(), name="events-api"),
    *(path(f"v1/{call}", _segment(call).as_view(), name=f"segment-{call}") for call in _CALLS),
]
