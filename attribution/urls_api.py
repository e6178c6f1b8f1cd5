"""Routes of attribution's API, below /api/v1/."""

from django.urls import path

from attribution.endpoints import AttributionView, JourneysView, PersonView

urlpatterns = [
    path("attribution", AttributionView.as_view(), name="api-attribution"),
    path("journeys", JourneysView.as_view(), name="api-journeys"),
    path("journeys/<str:subject>", PersonView.as_view(), name="api-person"),
]
