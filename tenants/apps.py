"""Wiring of the tenants app."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Organisations, people, keys."""

    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give ingestion the way from a key to a tenant."""
        from ingest import auth  # apps must be loaded first
        from tenants.keys import authenticate

        auth.register(authenticate)
