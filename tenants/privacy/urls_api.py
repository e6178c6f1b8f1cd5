"""Routes of privacy's API, below /api/v1/."""

from django.urls import path

from tenants.privacy.endpoints import Erasures
from tenants.privacy.endpoints_requests import (
    OneRequest,
    PolicyView,
    RequestData,
    Requests,
    RequestSteps,
)

_ONE = "privacy/requests/<uuid:request_id>"

urlpatterns = [
    path("privacy/erasures", Erasures.as_view(), name="api-erasures"),
    path("privacy/policy", PolicyView.as_view(), name="api-privacy-policy"),
    path("privacy/requests", Requests.as_view(), name="api-privacy-requests"),
    path(_ONE, OneRequest.as_view(), name="api-privacy-request"),
    path(f"{_ONE}/steps", RequestSteps.as_view(), name="api-privacy-steps"),
    path(f"{_ONE}/data", RequestData.as_view(), name="api-privacy-data"),
]
