"""What load balancers, Prometheus and tenants' programs ask."""

from django.urls import path

from health import endpoints

urlpatterns = [
    path("healthz", endpoints.alive, name="healthz"),
    path("readyz", endpoints.ready, name="readyz"),
    path("metrics", endpoints.scrape, name="metrics"),
    path("api/v1/status", endpoints.StatusView.as_view(), name="api-status"),
]
