"""Wiring of the regulator app: its projections, its feed endpoint and its pages."""

from django.apps import AppConfig


class RegulatorConfig(AppConfig):
    """A gambling authority's operators."""

    name = "regulator"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register projections and endpoint; put the pages into the navigation."""
        from eventlog.subscriptions import Subscription, register
        from ingest.endpoints import QUICK
        from portal import nav
        from regulator import contracts, contracts_anomalies  # noqa: F401  # fills the catalogue
        from regulator.feeds import projection as feeds
        from regulator.feeds import serving
        from regulator.figures import projection as figures
        from regulator.operators import projection as operators
        from regulator.watch import (
            amounts,
            tasks,  # noqa: F401  # the worker finds them
        )
        from regulator.watch import projection as anomalies
        from tenants.contracts import Permission

        for each in (feeds, figures, operators, amounts, anomalies):
            register(Subscription(name=each.NAME, handle=each.handle, reset=each.reset))
        QUICK[serving.PATH] = serving.serve
        nav.register(
            nav.NavItem(
                label="Operators",
                url_name="operators",
                section="Supervision",
                order=0,
                permission=Permission.VIEW_REPORTS,
                icon="team",
                shortcut="o",
            )
        )
        nav.register(
            nav.NavItem(
                label="Anomalies",
                url_name="anomalies",
                section="Supervision",
                order=1,
                permission=Permission.VIEW_REPORTS,
                icon="mark",
                shortcut="a",
            )
        )
        nav.register(
            nav.NavItem(
                label="Findings",
                url_name="findings",
                section="Supervision",
                order=2,
                permission=Permission.VIEW_REPORTS,
                icon="search",
                shortcut="f",
            )
        )
        nav.register(
            nav.NavItem(
                label="File returns",
                url_name="returns",
                section="Data",
                order=3,
                permission=Permission.IMPORT_DATA,
                icon="import",
            )
        )
