"""What the worker does for learned detectors: train them once a week, and tell MLflow."""

import logging
from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django_tenants.utils import get_tenant_model, tenant_context

from kernel import clock
from kernel.errors import DomainError
from regulator.learned import progress, registry
from regulator.learned.registry import WORKER
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
        if (newest is None or newest <= clock.now() - WEEK) and progress.begin():
            train.delay(schema=tenant.schema_name)

    rounds.each(Kind.REGULATOR, ask, trouble="no training was asked for of %s")


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def train(*, schema: str, seed: int = 1, actor: str = WORKER) -> None:
    """Learn a regulator's detectors; what passes its gate judges from then on."""
    from regulator.learned import tracking
    from regulator.learned.run import outcome, run  # with libraries that only workers have

    with tenant_context(get_tenant_model().objects.get(schema_name=schema)):
        try:
            found = run(seed=seed, now=clock.now(), actor=actor, told=progress.tell)
        except DomainError as error:
            _log.info("no detectors were learned of %s: %s", schema, error.detail)
            progress.end(error.detail, failed=True)
        except Exception:
            progress.end("The training broke off; the worker's log says why.", failed=True)
            raise
        else:
            _log.info("%s: %s", schema, outcome(found))
            progress.end(outcome(found), failed=bool(found.failures))
        tracking.sync()


def wake(schema: str, actor: str) -> bool:
    """Ask for a training now; false where one is under way or no worker can be told."""
    from kombu.exceptions import OperationalError

    if not progress.begin():
        return False
    with suppress(OperationalError, OSError):
        train.apply_async(
            kwargs={"schema": schema, "actor": actor}, retry=False, ignore_result=True
        )
        return True
    progress.end("No worker could be told. Try again in a moment.", failed=True)
    return False
