"""Routes of the regulator's API, below /api/v1/."""

from django.urls import path

from regulator.endpoints_events import GamingEvents

urlpatterns = [
    path("gaming/events", GamingEvents.as_view(), name="api-gaming-events"),
]
