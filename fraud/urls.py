"""Routes of fraud's pages on a tenant's host."""

from django.urls import path

from fraud.pages import ctit, refunds

urlpatterns = [
    path("fraud/publishers/", ctit.publishers, name="publishers"),
    path("fraud/refunds/", refunds.index, name="refunds"),
    path("fraud/refunds/<uuid:decision>/", refunds.settle, name="refund-settle"),
]
