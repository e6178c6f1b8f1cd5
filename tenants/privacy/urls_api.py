"""Routes of privacy's API, below /api/v1/."""

from django.urls import path

from tenants.privacy.endpoints import Erasures

urlpatterns = [path("privacy/erasures", Erasures.as_view(), name="api-erasures")]
