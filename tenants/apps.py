"""Wiring of the tenants app."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Organisations, people, keys."""

    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give ingestion the way from a key to a tenant, and the portal its settings pages."""
        from alerts import directory
        from health.incidents import register_closer, register_listener
        from ingest import auth, quota  # apps must be loaded first
        from portal.nav import NavItem, register
        from tenants import silence
        from tenants.contracts import Permission
        from tenants.directory import Members
        from tenants.keys import authenticate
        from tenants.quotas.exchange import SharedGate

        directory.register(Members())
        register_listener(silence.tell)
        register_closer(silence.over)
        auth.register(authenticate)
        quota.register(SharedGate())
        register(
            NavItem(
                label="Security",
                url_name="security",
                section="Settings",
                order=25,
                permission=Permission.MANAGE_SECURITY,
                icon="security",
            )
        )
        register(
            NavItem(
                label="Audit trail",
                url_name="audit",
                section="Settings",
                order=40,
                permission=Permission.VIEW_AUDIT,
                icon="audit",
            )
        )
        register(
            NavItem(
                label="Usage",
                url_name="usage",
                section="Settings",
                order=30,
                permission=Permission.VIEW_USAGE,
                icon="usage",
            )
        )
        register(
            NavItem(
                label="API keys",
                url_name="keys",
                section="Settings",
                order=10,
                permission=Permission.MANAGE_KEYS,
                icon="key",
            )
        )
        register(
            NavItem(
                label="Own sites",
                url_name="own-sites",
                section="Settings",
                order=15,
                permission=Permission.MANAGE_SITES,
                icon="site",
            )
        )
        register(
            NavItem(
                label="Team",
                url_name="team",
                section="Settings",
                order=20,
                permission=Permission.MANAGE_TEAM,
                icon="team",
            )
        )
