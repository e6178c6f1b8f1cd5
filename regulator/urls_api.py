"""Routes of the regulator's API, below /api/v1/."""

from django.urls import path

from regulator.endpoints import FindingsView, MetricsView, OperatorsView
from regulator.endpoints_anomalies import AnomaliesView
from regulator.endpoints_events import GamingEvents

urlpatterns = [
    path("gaming/events", GamingEvents.as_view(), name="api-gaming-events"),
    path("regulator/operators", OperatorsView.as_view(), name="api-regulator-operators"),
    path("regulator/metrics", MetricsView.as_view(), name="api-regulator-metrics"),
    path("regulator/anomalies", AnomaliesView.as_view(), name="api-regulator-anomalies"),
    path("regulator/findings", FindingsView.as_view(), name="api-regulator-findings"),
]
