"""Routes of fraud's pages on a tenant's host."""

from django.urls import path

from fraud.pages import (
    backtest,
    cases,
    ctit,
    model,
    models,
    overview,
    refunds,
    review,
    rings,
    scoring,
)

urlpatterns = [
    path("fraud/", overview.index, name="fraud"),
    path("fraud/backtest/", backtest.index, name="backtest"),
    path("fraud/backtest/use/", backtest.use, name="backtest-use"),
    path("fraud/backtest/back/", backtest.back, name="backtest-back"),
    path("fraud/publishers/", ctit.publishers, name="publishers"),
    path("fraud/cases/", cases.index, name="cases"),
    path("fraud/cases/<uuid:case_id>/", cases.case, name="case"),
    path("fraud/review/", review.index, name="review"),
    path("fraud/review/label/", review.label, name="review-label"),
    path("fraud/review/skip/", review.skip, name="review-skip"),
    path("fraud/review/undo/", review.undo, name="review-undo"),
    path("fraud/models/", models.index, name="models"),
    path("fraud/models/train/", models.train, name="model-train"),
    path("fraud/models/promote/", models.promote, name="model-promote"),
    path("fraud/models/base/", models.use_base, name="model-base"),
    path("fraud/models/back/", models.roll_back, name="model-back"),
    path("fraud/models/<slug:digest>/", model.model, name="model"),
    path("fraud/rings/", rings.index, name="rings"),
    path("fraud/rings/<str:ring>/", rings.ring, name="ring"),
    path("fraud/rings/<str:ring>/undo/", rings.undo, name="ring-undo"),
    path("fraud/scoring/", scoring.index, name="scoring"),
    path("fraud/refunds/", refunds.index, name="refunds"),
    path("fraud/refunds/<uuid:decision>/", refunds.settle, name="refund-settle"),
]
