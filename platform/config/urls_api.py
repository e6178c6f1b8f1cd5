"""Routes of the API, the same on every host: the key selects the tenant."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config import problems

api_patterns = [
    path("", include("health.urls_api")),
    path("", include("ingest.urls_api")),
    path("api/v1/", include("attribution.urls_api")),
    path("api/v1/", include("fraud.urls_api")),
    path("api/v1/", include("regulator.urls_api")),
    path("api/v1/", include("alerts.urls_api")),
    path("api/v1/", include("tenants.privacy.urls_api")),
    path("api/v1/", include("tenants.urls_api")),
    path("api/v1/log/", include("evidence.urls_api")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    re_path(r"^(?:api|v1)/", problems.not_found),
]
