"""Routes of a regulator's host: its portal, and the API."""

from django.urls import include, path

from config.urls_api import api_patterns
from config.urls_shared import shared_patterns

urlpatterns = [*api_patterns, path("", include("regulator.urls")), *shared_patterns]

handler400 = "portal.views.bad_request"
handler403 = "portal.views.forbidden"
handler404 = "portal.views.not_found"
handler500 = "config.away.server_error"
