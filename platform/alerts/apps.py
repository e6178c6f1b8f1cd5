"""Wiring of alerts."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Alerts, routes, deliveries, rules."""

    name = "alerts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Count events for the rules; put the pages into the navigation."""
        from alerts import contracts, counting, notices  # noqa: F401  # contracts fill the catalogue
        from eventlog.subscriptions import Subscription, register
        from portal import nav
        from portal import notices as shown

        register(Subscription(name="alerts", handle=counting.handle, reset=counting.reset))
        shown.register(notices.critical)
        nav.register(
            nav.NavItem(
                label="Alerts",
                url_name="alerts",
                section="Data",
                order=0,
                permission="view_reports",
                icon="bell",
                shortcut="n",
            )
        )
        nav.register(
            nav.NavItem(
                label="Alert routes",
                url_name="alert-settings",
                section="Settings",
                order=5,
                permission="manage_alerts",
                icon="bell",
            )
        )
