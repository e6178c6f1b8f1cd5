"""Routes of the tenant's own API, below /api/v1/."""

from django.urls import path

from tenants.endpoints import UsageView

urlpatterns = [path("usage", UsageView.as_view(), name="api-usage")]
