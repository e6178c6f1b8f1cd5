"""Routes of attribution's pages on a tenant's host."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
