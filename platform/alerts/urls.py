"""Routes of the alert centre on a tenant's host."""

from django.urls import path

from alerts import pages

urlpatterns = [
    path("alerts/", pages.index, name="alerts"),
    path("alerts/<int:alert_id>/", pages.alert, name="alert"),
    path("alerts/settings/", pages.settings, name="alert-settings"),
    path("alerts/settings/routes/", pages.add_route, name="alert-route-add"),
    path(
        "alerts/settings/routes/<int:route_id>/delete/",
        pages.delete_route,
        name="alert-route-delete",
    ),
    path("alerts/settings/routes/<int:route_id>/test/", pages.test_route, name="alert-route-test"),
    path("alerts/settings/rules/", pages.add_rule, name="alert-rule-add"),
    path(
        "alerts/settings/rules/<int:rule_id>/delete/", pages.delete_rule, name="alert-rule-delete"
    ),
]
