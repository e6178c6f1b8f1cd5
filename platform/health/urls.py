"""Pages of a tenant's host."""

from django.urls import path

from health import pages

urlpatterns = [path("status/", pages.status, name="status")]
