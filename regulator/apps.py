"""Wiring of the regulator app: its projections, its feed endpoint and its pages."""

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from portal.nav import NavItem


class RegulatorConfig(AppConfig):
    """A gambling authority's operators."""

    name = "regulator"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register projections and endpoint; put the pages into the navigation."""
        from eventlog.subscriptions import Subscription, register
        from ingest.endpoints import QUICK
        from portal import nav
        from regulator import contracts, contracts_cases  # noqa: F401  # fill the catalogue
        from regulator.cases import projection as cases
        from regulator.cases import tasks as cases_tasks  # noqa: F401  # the worker finds them here
        from regulator.dossier import tasks as dossier_tasks  # noqa: F401  # likewise
        from regulator import contracts, contracts_forecasts  # noqa: F401  # fill the catalogue
        from regulator import contracts, contracts_learned  # noqa: F401  # fill the catalogue
        from regulator import contracts, contracts_anomalies  # noqa: F401  # fills the catalogue
        from regulator.feeds import projection as feeds
        from regulator.feeds import serving
        from regulator.figures import projection as figures
        from regulator.forecasts import projection as forecasts
        from regulator.forecasts import tasks  # noqa: F401  # the worker's
        from regulator.operators import projection as operators
        from tenants.contracts import ACT_LABELS, Permission

        for each in (feeds, figures, operators, cases):
        for each in (feeds, figures, operators, forecasts):
        from regulator.watch import (
            amounts,
            tasks,  # noqa: F401  # the worker finds them
        )
        from regulator.watch import projection as anomalies
        from tenants.contracts import Permission

        for each in (feeds, figures, operators, amounts, anomalies):
            register(Subscription(name=each.NAME, handle=each.handle, reset=each.reset))
        QUICK[serving.PATH] = serving.serve
        ACT_LABELS.update(contracts_cases.LABELS)
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
                label="Cases",
                url_name="case-list",
                section="Supervision",
                order=3,
                permission=Permission.VIEW_REPORTS,
                icon="check",
                shortcut="c",
            )
        )
        nav.register(
            nav.NavItem(
                label="Audit",
                url_name="audit-search",
                section="Supervision",
                order=9,
                permission=Permission.VIEW_AUDIT,
                icon="audit",
                label="Forecasts",
                url_name="forecasts",
                section="Supervision",
                order=5,
                permission=Permission.VIEW_REPORTS,
                icon="budget",
                shortcut="g",
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

        for each, shape in ((feeds, 2), (figures, 2), (operators, 1)):
            register(
                Subscription(name=each.NAME, handle=each.handle, reset=each.reset, shape=shape)
            )
        QUICK[serving.PATH] = serving.serve
        for item in _items():
            nav.register(item)


def _items() -> "tuple[NavItem, ...]":
    """The app's links of the navigation."""
    from portal.nav import NavItem
    from tenants.contracts import Permission

    see = Permission.VIEW_REPORTS
    return (
        NavItem(label="Market overview", url_name="market", section="Supervision", order=0,
                permission=see, icon="overview", shortcut="o"),
        NavItem(label="Feed wall", url_name="wall", section="Supervision", order=1,
                permission=see, icon="live", shortcut="w"),
        NavItem(label="Operators", url_name="operators", section="Supervision", order=2,
                permission=see, icon="team", shortcut="p"),
        NavItem(label="Findings", url_name="findings", section="Supervision", order=3,
                permission=see, icon="search", shortcut="f"),
        NavItem(label="File returns", url_name="returns", section="Data", order=3,
                permission=Permission.IMPORT_DATA, icon="import"),
    )  # fmt: skip
