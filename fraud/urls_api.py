"""Routes of fraud's API, below /api/v1/."""

from django.urls import path

from fraud.endpoints import CtitView
from fraud.endpoints_cases import CasesView
from fraud.endpoints_labels import LabelsView
from fraud.endpoints_refunds import RefundsView
from fraud.endpoints_score import ScoreView

urlpatterns = [
    path("fraud/ctit", CtitView.as_view(), name="api-fraud-ctit"),
    path("fraud/refunds", RefundsView.as_view(), name="api-fraud-refunds"),
    path("fraud/cases", CasesView.as_view(), name="api-fraud-cases"),
    path("fraud/labels", LabelsView.as_view(), name="api-fraud-labels"),
    path("fraud/score", ScoreView.as_view(), name="api-fraud-score"),
]
