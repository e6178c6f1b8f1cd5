"""Pages that tenants of every kind have: the log, its events, health, alerts, settings."""

from django.urls import include, path

shared_patterns = [
    path("", include("evidence.urls")),
    path("", include("ingest.urls")),
    path("", include("health.urls")),
    path("", include("alerts.urls")),
    path("", include("tenants.privacy.urls")),
    path("", include("tenants.urls")),
]
