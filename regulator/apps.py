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
        from regulator import (  # noqa: F401  # they fill the catalogue, the worker finds its tasks
            contracts,
            contracts_anomalies,
            contracts_cases,
            contracts_forecasts,
            contracts_learned,
        )
        from regulator.cases import projection as cases
        from regulator.cases import tasks as cases_tasks  # noqa: F401
        from regulator.dossier import tasks as dossier_tasks  # noqa: F401
        from regulator.feeds import projection as feeds
        from regulator.feeds import serving
        from regulator.figures import projection as figures
        from regulator.forecasts import projection as forecasts
        from regulator.forecasts import tasks as forecasts_tasks  # noqa: F401
        from regulator.operators import projection as operators
        from regulator.watch import amounts
        from regulator.watch import projection as anomalies
        from regulator.watch import tasks as watch_tasks  # noqa: F401
        from tenants.contracts import ACT_LABELS

        projections = (
            (feeds, 2), (figures, 2), (operators, 1), (amounts, 1), (anomalies, 1), (cases, 1),
            (forecasts, 1),
        )  # fmt: skip
        for each, shape in projections:
            register(
                Subscription(name=each.NAME, handle=each.handle, reset=each.reset, shape=shape)
            )
        QUICK[serving.PATH] = serving.serve
        ACT_LABELS.update(contracts_cases.LABELS)
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
        NavItem(label="Anomalies", url_name="anomalies", section="Supervision", order=3,
                permission=see, icon="mark", shortcut="a"),
        NavItem(label="Findings", url_name="findings", section="Supervision", order=4,
                permission=see, icon="search", shortcut="f"),
        NavItem(label="Cases", url_name="case-list", section="Supervision", order=5,
                permission=see, icon="check", shortcut="c"),
        NavItem(label="Forecasts", url_name="forecasts", section="Supervision", order=6,
                permission=see, icon="budget", shortcut="g"),
        NavItem(label="Audit", url_name="audit-search", section="Supervision", order=9,
                permission=Permission.VIEW_AUDIT, icon="audit"),
        NavItem(label="File returns", url_name="returns", section="Data", order=3,
                permission=Permission.IMPORT_DATA, icon="import"),
    )  # fmt: skip
