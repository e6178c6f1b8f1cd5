"""Routes of fraud's pages on a tenant's host."""

from django.urls import path

from fraud.pages import cases, ctit, refunds, scoring

urlpatterns = [
    path("fraud/publishers/", ctit.publishers, name="publishers"),
    path("fraud/cases/", cases.index, name="cases"),
    path("fraud/cases/<uuid:case_id>/", cases.case, name="case"),
    path("fraud/scoring/", scoring.index, name="scoring"),
    path("fraud/refunds/", refunds.index, name="refunds"),
    path("fraud/refunds/<uuid:decision>/", refunds.settle, name="refund-settle"),
]
