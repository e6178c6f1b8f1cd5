"""Routes of attribution's API, below /api/v1/."""

from django.urls import path

from attribution.endpoints import AttributionView, JourneysView, PersonView
from attribution.endpoints_decided import DecisionsView, DecisionView, MergedView, RulesView
from attribution.endpoints_money import BudgetView, OneRateView, RatesView, SpendView
from attribution.endpoints_profiles import SegmentsView
from attribution.endpoints_versus import DifferencesView

urlpatterns = [
    path("attribution", AttributionView.as_view(), name="api-attribution"),
    path("attribution/rules", RulesView.as_view(), name="api-rules"),
    path("attribution/decisions", DecisionsView.as_view(), name="api-decisions"),
    path("attribution/decisions/<uuid:decision>", DecisionView.as_view(), name="api-decision"),
    path("conversions/merged", MergedView.as_view(), name="api-merged"),
    path("budget", BudgetView.as_view(), name="api-budget"),
    path("spend", SpendView.as_view(), name="api-spend"),
    path("differences", DifferencesView.as_view(), name="api-differences"),
    path("rates", RatesView.as_view(), name="api-rates"),
    path("rates/<str:currency>/<str:day>", OneRateView.as_view(), name="api-rate"),
    path("segments", SegmentsView.as_view(), name="api-segments"),
    path("journeys", JourneysView.as_view(), name="api-journeys"),
    path("journeys/<str:subject>", PersonView.as_view(), name="api-person"),
]
