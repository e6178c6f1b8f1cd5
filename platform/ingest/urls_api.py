"""Routes of the collectors."""

from django.urls import path

from ingest.endpoints import Events, Segment

_CALLS = ("batch", "track", "page", "screen", "identify", "alias", "group")

urlpatterns = [
    path("api/v1/events", Events.as_view(), name="events-api"),
    *(path(f"v1/{call}", Segment.as_view(call=call), name=f"segment-{call}") for call in _CALLS),
]
