"""Wiring of ingestion."""

from django.apps import AppConfig


class IngestConfig(AppConfig):
    """Collectors, pipeline, imports."""

    name = "ingest"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the event types known, and the pages findable."""
        from ingest import contracts  # noqa: F401  # registers its types when imported
        from ingest.pages import imports, live
        from portal.nav import NavItem, register

        register(
            NavItem(
                label="Live events",
                url_name="events",
                section="Data",
                order=0,
                permission=live.PERMISSION,
                icon="live",
                shortcut="e",
            )
        )
        register(
            NavItem(
                label="Import",
                url_name="imports",
                section="Data",
                order=1,
                permission=imports.PERMISSION,
                icon="import",
                shortcut="i",
            )
        )
