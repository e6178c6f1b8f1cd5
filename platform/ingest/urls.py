"""Pages of a tenant's host."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
