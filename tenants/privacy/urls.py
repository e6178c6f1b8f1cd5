"""Privacy's pages of a tenant's host."""

from django.urls import path

from tenants.privacy.pages import policy, requests

urlpatterns = [
    path("settings/privacy/policy/", policy.index, name="privacy-policy"),
    path("settings/privacy/", requests.index, name="privacy"),
    path("settings/privacy/<uuid:request_id>/", requests.detail, name="privacy-request"),
    path("settings/privacy/<uuid:request_id>/step/", requests.step, name="privacy-step"),
    path("settings/privacy/<uuid:request_id>/data/", requests.data, name="privacy-data"),
]
