"""Routes of the bare host: landing, sign-up, log-in, and the API."""

from django.urls import include, path

from config.urls_api import api_patterns

urlpatterns = [*api_patterns, path("", include("tenants.urls_public"))]

handler400 = "portal.views.bad_request"
handler403 = "portal.views.forbidden"
handler404 = "portal.views.not_found"
handler500 = "config.away.server_error"
