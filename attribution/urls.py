"""Routes of attribution's pages on a tenant's host."""

from django.urls import path

from attribution.pages import (
    budget,
    channel,
    comparison,
    decisions,
    journeys,
    overview,
    paths,
    performance,
    rates,
    rules,
    segments,
)

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("attribution/", comparison.comparison, name="attribution"),
    path("channels/", performance.channels, name="channels"),
    path("channels/<int:channel>/", channel.channel, name="channel"),
    path("campaigns/", performance.campaigns, name="campaigns"),
    path("budget/", budget.budget, name="budget"),
    path("settings/rates/", rates.index, name="rates"),
    path("settings/rates/withdraw/", rates.withdraw, name="rate-withdraw"),
    path("settings/journeys/", rules.index, name="rules"),
    path("rejections/", decisions.rejections, name="rejections"),
    path("rejections/<uuid:decision>/", decisions.rejection, name="rejection"),
    path("conversions/merged/", decisions.merged, name="merged"),
    path("segments/", segments.split, name="segments"),
    path("segments/profiles/", segments.profiles, name="profiles"),
    path("paths/", paths.paths, name="paths"),
    path("journeys/", journeys.journeys, name="journeys"),
    path("journeys/<str:person>/", journeys.journey, name="journey"),
]
