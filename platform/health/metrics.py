"""Prometheus: what the stages counted (in all processes of this machine), and how the parts are.

Stages count where they work (``ingest.meters``, ``eventlog.meters``, ``health.work``); what is
here is read when asked. No tenant is named: whoever scrapes runs the service, not a tenant.
"""

from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django_tenants.utils import get_tenant_model, tenant_context
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from eventlog import subscriptions
from eventlog.tenancy import deactivate
from health import queries
from health.contracts import State

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition() -> bytes:
    """The text a Prometheus server reads."""
    registry = CollectorRegistry()
    if settings.METRICS:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # untyped library
    else:
        registry.register(REGISTRY)
    registry.register(_Parts())
    return generate_latest(registry)


class _Parts(Collector):
    """Gauges of the moment: parts, queues, projections."""

    def collect(self) -> Iterator[Metric]:
        """One family after the other; what the database knows is left out while it is away."""
        up = GaugeMetricFamily(
            "touchstone_part_up", "1 while the part works or is merely behind.", labels=["part"]
        )
        waiting = GaugeMetricFamily(
            "touchstone_part_waiting", "What waits for the part.", labels=["part"]
        )
        for part in queries.service():
            up.add_metric([part.name], float(part.state in (State.WORKING, State.BEHIND)))
            waiting.add_metric([part.name], part.waiting)
        yield up
        yield waiting
        yield from _lags()


def _lags() -> Iterator[Metric]:
    seconds = GaugeMetricFamily(
        "touchstone_projection_lag_seconds",
        "Age of the oldest event not yet applied, the worst of all tenants.",
        labels=["projection"],
    )
    events = GaugeMetricFamily(
        "touchstone_projection_lag_events",
        "Events not yet applied, over all tenants.",
        labels=["projection"],
    )
    try:
        oldest, waiting = _worst()
    except (DatabaseError, InterfaceError):
        return
    for name in sorted(oldest):
        seconds.add_metric([name], oldest[name])
        events.add_metric([name], waiting[name])
    yield seconds
    yield events


def _worst() -> tuple[dict[str, float], dict[str, int]]:
    oldest = dict.fromkeys(subscriptions.names(), 0.0)
    waiting = dict.fromkeys(subscriptions.names(), 0)
    deactivate()
    for tenant in get_tenant_model().objects.exclude(provisioned_at=None):
        with tenant_context(tenant):
            for lag in subscriptions.lags():
                oldest[lag.name] = max(oldest[lag.name], lag.seconds)
                waiting[lag.name] += lag.events
    return oldest, waiting
