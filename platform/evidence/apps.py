"""Wiring of evidence."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Proofs, bundles, verification."""

    name = "evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the page findable."""
        from evidence.pages import PERMISSION
        from portal.nav import NavItem, register

        register(
            NavItem(
                label="Log integrity",
                url_name="log",
                section="Data",
                order=8,
                permission=PERMISSION,
                icon="seal",
                shortcut="l",
            )
        )
