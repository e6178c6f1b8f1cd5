"""Wiring of the privacy app."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Consent, requests, erasure, retention."""

    name = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the event types known and honour consent in the pipeline."""
        from ingest.pipeline import register_step
        from privacy import contracts  # noqa: F401  # fills the catalogue
        from privacy.consent import honour_consent

        register_step("consent", honour_consent, before="encode")
