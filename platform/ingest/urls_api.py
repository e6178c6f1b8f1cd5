"""Routes of the collectors."""

from django.urls import path

from ingest.endpoints import Events, Segment
from ingest.rejections_api import RejectionsView

_CALLS = ("batch", "track", "page", "screen", "identify", "alias", "group")

urlpatterns = [
    path("api/v1/events", Events.as_view(), name="events-api"),
    path("api/v1/rejections", RejectionsView.as_view(), name="api-rejections"),
    *(path(f"v1/{call}", Segment.as_view(call=call), name=f"segment-{call}") for call in _CALLS),
]
