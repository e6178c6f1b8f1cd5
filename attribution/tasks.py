"""Attribution's work in the background. Tasks carry a tenant's schema and what was asked for."""

import hashlib
import logging
from datetime import date, timedelta
from typing import Any

from celery import shared_task
from django.core.cache import cache
from django.db import DatabaseError
from django_tenants.utils import get_tenant_model, tenant_context

from attribution.contracts import By, Model
from attribution.learned import fitting
from attribution.projection import certainty, packing
from eventlog.tenancy import active_tenant
from kernel import clock

_log = logging.getLogger(__name__)

FIT_AFTER = timedelta(minutes=10)
ASKED_SECONDS = 60
FIT_SECONDS = 3_600
"""A fit that was asked for so long ago is taken for lost."""


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def fit_all() -> None:
    """Ask for a fit of every tenant that has none, or moved on since one made a while ago."""
    tenants = get_tenant_model().objects.filter(provisioned_at__isnull=False, kind="advertiser")
    for tenant in tenants:
        with tenant_context(tenant):
            due = fitting.due(now=clock.now(), after=FIT_AFTER)
        if due:
            ask_for_fit(schema=tenant.schema_name)


def ask_for_fit(*, schema: str) -> None:
    """Have the worker fit a tenant's models; nothing while it is still to, or at it.

    A fit takes longer than whoever asks for it waits: each that was queued again would be one more
    in front of all other tenants'.
    """
    if cache.add(_asked(schema), 1, FIT_SECONDS):
        fit.delay(schema=schema)


def _asked(schema: str) -> str:
    return f"attribution-fit-asked:{schema}"


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def fit(*, schema: str) -> None:
    """Find a tenant's behavioural profiles, then fit its learned models under them."""
    from attribution.profiles.refit import refit  # with libraries that only workers have

    try:
        with tenant_context(get_tenant_model().objects.get(schema_name=schema)):
            refit(now=clock.now())
            fitting.fit(now=clock.now())
    finally:
        cache.delete(_asked(schema))


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def pack_paths() -> None:
    """Pack every tenant's store of paths, as far as it is worth it; a failure is its tenant's."""
    tenants = get_tenant_model().objects.filter(provisioned_at__isnull=False, kind="advertiser")
    for tenant in tenants:
        try:
            with tenant_context(tenant):
                packing.pack_paths()
        except DatabaseError:
            _log.exception("paths of %s were not packed", tenant.schema_name)


def ask_for_intervals(*, start: date, end: date, **asked: Any) -> None:
    """Have the worker compute a report's intervals, once however often they are asked for."""
    question = _question(start, end, asked)
    if _first(certainty.PREFIX, question):
        intervals.delay(schema=active_tenant(), question=question)


def ask_for_order(*, start: date, end: date, **asked: Any) -> None:
    """Have the worker choose the order of a report's Markov chain, once however often asked."""
    question = _question(start, end, asked)
    if _first("attribution-order", question):
        markov_order.delay(schema=active_tenant(), question=question)


def _question(start: date, end: date, asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "start": start.isoformat(),
        "end": end.isoformat(),
        **{name: value if isinstance(value, int) else str(value) for name, value in asked.items()},
    }


def _first(prefix: str, question: dict[str, Any]) -> bool:
    """Whether nobody asked this lately."""
    digest = hashlib.blake2b(repr(question).encode(), digest_size=16).hexdigest()
    return bool(cache.add(f"{prefix}-asked:{digest}", 1, ASKED_SECONDS))


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def intervals(*, schema: str, question: dict[str, Any]) -> None:
    """Compute the intervals of a report of very many journeys; the cache keeps them."""
    from attribution import queries  # which asks for this task

    with tenant_context(get_tenant_model().objects.get(schema_name=schema)):
        queries.attribution(
            model=Model(question["model"]),
            start=date.fromisoformat(question["start"]),
            end=date.fromisoformat(question["end"]),
            by=By(question["by"]),
            segment=question["segment"],
            conversion_type=question["conversion_type"],
            order=question["order"],
            new_customers=question.get("new_customers", False),
            wait=True,
        )


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def markov_order(*, schema: str, question: dict[str, Any]) -> None:
    """Choose the order of the Markov chain for very many journeys; the cache keeps it."""
    from attribution.markov_order import choose  # which asks for this task

    with tenant_context(get_tenant_model().objects.get(schema_name=schema)):
        choose(
            start=date.fromisoformat(question["start"]),
            end=date.fromisoformat(question["end"]),
            by=By(question["by"]),
            segment=question["segment"],
            conversion_type=question["conversion_type"],
            wait=True,
        )
