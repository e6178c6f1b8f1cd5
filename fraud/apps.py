"""Wiring of fraud: its pages."""

from django.apps import AppConfig


class FraudConfig(AppConfig):
    """Which events are real."""

    name = "fraud"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put its pages into the navigation."""
        from portal.nav import NavItem, register
        from tenants.contracts import Permission

        register(
            NavItem(
                label="Publishers",
                url_name="publishers",
                section="Fraud",
                order=0,
                permission=Permission.VIEW_REPORTS,
                icon="shield",
                shortcut="f",
            )
        )
