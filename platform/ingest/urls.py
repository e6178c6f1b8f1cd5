"""Pages of a tenant's host."""

from django.urls import path

from ingest.pages import live, rejected

urlpatterns = [
    path("events/", live.events, name="events"),
    path("events/rejected/", rejected.rejected, name="rejected"),
]
