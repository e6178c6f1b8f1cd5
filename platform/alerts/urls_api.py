"""Routes of the alerts' API, below /api/v1/."""

from django.urls import path

from alerts.endpoints import AlertsView, AlertView

urlpatterns = [
    path("alerts", AlertsView.as_view(), name="api-alerts"),
    path("alerts/<int:alert_id>", AlertView.as_view(), name="api-alert"),
]
