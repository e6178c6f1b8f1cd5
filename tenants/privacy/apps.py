"""Wiring of the privacy app."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Consent, requests, erasure, retention."""

    name = "tenants.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the event types known and honour consent in the pipeline."""
        from ingest.pipeline import register_step
        from portal.nav import NavItem, register
        from tenants.contracts import Permission
        from tenants.privacy import contracts  # noqa: F401  # fills the catalogue
        from tenants.privacy.consent import honour_consent
        from tenants.privacy.retention import turn_away

        register_step("retention", turn_away, before="encode")
        register_step("consent", honour_consent, before="encode")
        register(
            NavItem(
                label="Privacy",
                url_name="privacy",
                section="Settings",
                order=40,
                permission=Permission.MANAGE_PRIVACY,
                icon="shield",
            )
        )
