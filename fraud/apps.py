"""Wiring of fraud: its step of ingestion, its ledger and its pages."""

from django.apps import AppConfig


class FraudConfig(AppConfig):
    """Which events are real."""

    name = "fraud"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register step and projection; put the pages into the navigation."""
        from eventlog import subscriptions
        from fraud import contracts  # noqa: F401  # fills the catalogue
        from fraud.cases import projection as cases
        from fraud.labels import projection as labels
        from fraud.refunds import commands, projection
        from fraud.scoring import arriving, asked
        from ingest.endpoints import QUICK
        from ingest.pipeline import register_step
        from portal.nav import NavItem, register
        from tenants.contracts import Permission

        register_step("score", arriving.score, after="append")
        QUICK[asked.PATH] = asked.serve
        subscriptions.register(
            subscriptions.Subscription(
                name=commands.LEDGER, handle=projection.handle, reset=projection.reset
            )
        )
        subscriptions.register(
            subscriptions.Subscription(
                name=cases.NAME, handle=cases.handle, reset=cases.reset, shape=cases.SHAPE
            )
        )
        subscriptions.register(
            subscriptions.Subscription(name=labels.NAME, handle=labels.handle, reset=labels.reset)
        )
        register(
            NavItem(
                label="Fraud overview",
                url_name="fraud",
                section="Fraud",
                order=-1,
                permission=Permission.VIEW_REPORTS,
                icon="overview",
            )
        )
        register(
            NavItem(
                label="Cases",
                url_name="cases",
                section="Fraud",
                order=2,
                permission=Permission.VIEW_REPORTS,
                icon="search",
            )
        )
        register(
            NavItem(
                label="Review",
                url_name="review",
                section="Fraud",
                order=1,
                permission=Permission.MANAGE_JOURNEYS,
                icon="check",
            )
        )
        register(
            NavItem(
                label="Rings",
                url_name="rings",
                section="Fraud",
                order=3,
                permission=Permission.VIEW_REPORTS,
                icon="ring",
            )
        )
        register(
            NavItem(
                label="Models",
                url_name="models",
                section="Fraud",
                order=4,
                permission=Permission.VIEW_REPORTS,
                icon="compare",
            )
        )
        register(
            NavItem(
                label="Fraud scoring",
                url_name="scoring",
                section="Settings",
                order=6,
                permission=Permission.MANAGE_JOURNEYS,
                icon="shield",
            )
        )
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
        register(
            NavItem(
                label="Refunds",
                url_name="refunds",
                section="Fraud",
                order=5,
                permission=Permission.VIEW_REPORTS,
                icon="money",
            )
        )
