"""Wiring of ingestion."""

from django.apps import AppConfig


class IngestConfig(AppConfig):
    """Collectors, pipeline, imports."""

    name = "ingest"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the event types known."""
        from ingest import contracts  # noqa: F401  # registers its types when imported
