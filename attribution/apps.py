"""Wiring of attribution: its projection, its step in ingestion, its pages."""

from django.apps import AppConfig


class AttributionConfig(AppConfig):
    """Channels, journeys, credit."""

    name = "attribution"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the event types known and register the projection."""
        from attribution import contracts, handlers, told  # noqa: F401  # contracts fill the catalogue
        from attribution.behaviour import projection
        from attribution.ingest_steps import classify_channels
        from attribution.projection import people
        from eventlog.subscriptions import Subscription, register
        from ingest.pipeline import register_step
        from tenants.privacy.holdings import register_stitch, register_told

        register_step("classify", classify_channels)
        register_stitch("attribution", people.of_the_same)
        register_told("journeys", told.journeys)
        register_told("profiles", told.profiles)
        register(
            Subscription(
                name="attribution",
                handle=handlers.handle,
                reset=handlers.reset,
                settle=handlers.settle,
                shape=2,
            )
        )
        register(Subscription(name="behaviour", handle=projection.handle, reset=projection.reset))
        _pages()


def _pages() -> None:
    from portal.nav import NavItem, register
    from tenants.contracts import Permission

    for order, (label, name, icon, shortcut) in enumerate(
        (
            ("Overview", "overview", "overview", "o"),
            ("Attribution", "attribution", "compare", "a"),
            ("Channels", "channels", "channels", "c"),
            ("Campaigns", "campaigns", "campaigns", "m"),
            ("Journeys", "journeys", "journeys", "j"),
            ("Paths", "paths", "paths", "p"),
            ("Segments", "segments", "team", "g"),
            ("Budget", "budget", "budget", "b"),
        )
    ):
        register(
            NavItem(
                label=label,
                url_name=name,
                section="Reports",
                order=order,
                permission=Permission.VIEW_REPORTS,
                icon=icon,
                shortcut=shortcut,
            )
        )
    register(
        NavItem(
            label="Rejected touches",
            url_name="rejections",
            section="Data",
            order=30,
            permission=Permission.VIEW_REPORTS,
            icon="close",
        )
    )
    register(
        NavItem(
            label="Journey rules",
            url_name="rules",
            section="Settings",
            order=1,
            permission=Permission.VIEW_REPORTS,
            icon="settings",
        )
    )
    register(
        NavItem(
            label="Exchange rates",
            url_name="rates",
            section="Settings",
            order=0,
            permission=Permission.IMPORT_DATA,
            icon="money",
        )
    )
