"""Routes of fraud's pages on a tenant's host."""

from django.urls import path

from fraud.pages import ctit

urlpatterns = [path("fraud/publishers/", ctit.publishers, name="publishers")]
