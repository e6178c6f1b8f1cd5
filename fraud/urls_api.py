"""Routes of fraud's API, below /api/v1/."""

from django.urls import path

from fraud.endpoints import CtitView

urlpatterns = [path("fraud/ctit", CtitView.as_view(), name="api-fraud-ctit")]
