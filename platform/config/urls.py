"""Routes of a tenant's host: its portal, and the API."""

from django.urls import include, path

from config.urls_api import api_patterns

urlpatterns = [
    *api_patterns,
    path("", include("attribution.urls")),
    path("", include("fraud.urls")),
    path("", include("evidence.urls")),
    path("", include("ingest.urls")),
    path("", include("health.urls")),
    path("", include("alerts.urls")),
    path("", include("tenants.privacy.urls")),
    path("", include("tenants.urls")),
]

handler400 = "portal.views.bad_request"
handler403 = "portal.views.forbidden"
handler404 = "portal.views.not_found"
handler500 = "config.away.server_error"
