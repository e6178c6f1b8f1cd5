"""Routes of the regulator's API, below /api/v1/."""

from django.urls import path

from regulator.endpoints import FindingsView, MetricsView, OperatorsView
from regulator.endpoints_anomalies import AnomaliesView
from regulator.endpoints_cases import CasesView
from regulator.endpoints_detect import DetectView
from regulator.endpoints_events import GamingEvents
from regulator.endpoints_forecasts import ForecastJobView, ForecastsView, ForecastView

urlpatterns = [
    path("anomaly/detect", DetectView.as_view(), name="api-anomaly-detect"),
    path("gaming/events", GamingEvents.as_view(), name="api-gaming-events"),
    path("regulator/operators", OperatorsView.as_view(), name="api-regulator-operators"),
    path("regulator/metrics", MetricsView.as_view(), name="api-regulator-metrics"),
    path("regulator/cases", CasesView.as_view(), name="api-regulator-cases"),
    path("regulator/anomalies", AnomaliesView.as_view(), name="api-regulator-anomalies"),
    path("regulator/findings", FindingsView.as_view(), name="api-regulator-findings"),
    path("regulator/forecasts", ForecastsView.as_view(), name="api-regulator-forecasts"),
    path("forecast/ggr", ForecastView.as_view(), name="api-forecast-ggr"),
    path("forecast/ggr/<uuid:forecast_id>", ForecastJobView.as_view(), name="api-forecast-ggr-job"),
]
