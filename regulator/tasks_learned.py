"""What the worker does for learned detectors: train them once a week, and tell MLflow."""

import logging
from datetime import timedelta

from celery import shared_task
from django_tenants.utils import get_tenant_model, tenant_context

from kernel import clock
from kernel.errors import DomainError
from regulator.learned import registry
from tenants import rounds
from tenants.contracts import Kind
from tenants.models import Tenant

WEEK = timedelta(days=7)
_log = logging.getLogger(__name__)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def train_all() -> None:
    """Have every regulator's detectors learned anew whose newest are a week old.

    One tenant's trouble keeps no other waiting.
    """

    def ask(tenant: Tenant) -> None:
        newest = registry.newest()
        if newest is None or newest <= clock.now() - WEEK:
            train.delay(schema=tenant.schema_name)

    rounds.each(Kind.REGULATOR, ask, trouble="no training was asked for of %s")


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def train(*, schema: str, seed: int = 1) -> None:
    """Learn a regulator's detectors; what passes its gate judges from then on."""
    from regulator.learned import tracking
    from regulator.learned.run import outcome, run  # with libraries that only workers have

    with tenant_context(get_tenant_model().objects.get(schema_name=schema)):
        try:
            found = run(seed=seed, now=clock.now())
        except DomainError as error:
            _log.info("no detectors were learned of %s: %s", schema, error.detail)
        else:
            _log.info("%s: %s", schema, outcome(found))
        tracking.sync()
