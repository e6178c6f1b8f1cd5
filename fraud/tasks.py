"""What the worker does for fraud: watch, keep refunds, train models, run back-tests."""

from contextlib import suppress

from celery import shared_task
from django.core.cache import cache
from django.db import DatabaseError
from django_tenants.utils import get_tenant_model, tenant_context

from attribution import queries as attribution
from eventlog import subscriptions
from fraud import watching
from fraud.backtests import progress as backtests
from fraud.base.kept import FAMILY as BASE
from fraud.base.offered import offered
from fraud.models import Label, TrainedModel
from fraud.refunds import commands
from fraud.rings import queries as rings
from fraud.rings import telling
from fraud.scoring import policy
from fraud.training import progress, tracking
from kernel import clock
from kernel.errors import DomainError
from tenants import rounds
from tenants.contracts import Kind
from tenants.models import Tenant

_SEEN, _RINGS_SEEN = "fraud-watched-to", "fraud-rings-told-to"
_AGAIN_SECONDS = 3_600
"""Judged again after so long though nothing came: days pass."""
_LATE_SECONDS = 10.0


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def watch() -> None:
    """Judge the publishers of every tenant of which something new is known.

    One tenant's trouble keeps no other waiting.
    """
    rounds.each(Kind.ADVERTISER, _watch, trouble="the publishers of %s were not judged")


def _watch(_: Tenant) -> None:
    place = attribution.checkpoint()
    if cache.get(_SEEN) != place:
        watching.watch(now=clock.now())
        if subscriptions.lag(commands.LEDGER).seconds > _LATE_SECONDS:
            return  # what is due already may not be in the ledger yet
        commands.keep_up(now=clock.now())
        cache.set(_SEEN, place, _AGAIN_SECONDS)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def find_rings() -> None:
    """Tell every tenant of the rings it has not heard of, where a case came since the last look.

    One tenant's trouble keeps no other waiting.
    """
    rounds.each(Kind.ADVERTISER, _find_rings, trouble="no rings were looked for at %s")


def _find_rings(_: Tenant) -> None:
    now = clock.now()
    place = rings.place(now=now)
    if cache.get(_RINGS_SEEN) != place:
        telling.tell(now=now)
        cache.set(_RINGS_SEEN, place, _AGAIN_SECONDS)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def train_all() -> None:
    """Have every tenant's model trained anew that scores and has labels its models have not seen.

    One tenant's trouble keeps no other waiting.
    """
    rounds.each(Kind.ADVERTISER, _ask_for_training, trouble="no training was asked for of %s")


def _ask_for_training(tenant: Tenant) -> None:
    if not policy.current().on:
        return
    if _new_labels() and progress.begin():
        train.delay(schema=tenant.schema_name)
    elif offered():
        try_base.delay(schema=tenant.schema_name)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def measure_drift() -> None:
    """Look at every tenant's champion: what it sees, what it says, how well, how fast.

    One tenant's trouble keeps no other waiting.
    """
    from fraud.drift import store, watching  # with libraries that only workers have

    def measure(tenant: Tenant) -> None:
        if watching.watch(now=clock.now()):
            train.delay(schema=tenant.schema_name)

    rounds.each(
        Kind.ADVERTISER, measure, trouble="the drift of %s was not measured",
        expected=(DatabaseError, DomainError, *store.AWAY),
    )  # fmt: skip


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def try_base(*, schema: str, actor: str = "worker") -> None:
    """Try the shared base model on a tenant's traffic; where it fits, it judges from here on."""
    from fraud.base.adopt import adopt  # with libraries that only workers have

    with tenant_context(get_tenant_model().objects.get(schema_name=schema)):
        if (found := adopt(actor=actor, now=clock.now())) is not None:
            progress.conclude(found.words(), failed=not found.fits)


def wake_base(schema: str, actor: str) -> None:
    """Have the base model tried; a queue that is gone costs a wait of a day."""
    from kombu.exceptions import OperationalError

    with suppress(OperationalError, OSError):
        try_base.apply_async(
            kwargs={"schema": schema, "actor": actor}, retry=False, ignore_result=True
        )


def _new_labels() -> bool:
    """Whether there are labels that the active tenant's newest model has not seen."""
    own = TrainedModel.objects.exclude(family=BASE)
    newest = own.order_by("-registered_at").values_list("registered_at").first()
    labels = Label.objects.filter(at__gt=newest[0]) if newest else Label.objects.all()
    return labels.exists()


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def train(
    *, schema: str, seed: int = 1, promote: bool = False, networks: bool | None = None
) -> None:
    """Compare the challenger there is, then train the next one; ``networks``: once a week."""
    from fraud.training import registry, shadow  # with libraries that only workers have
    from fraud.training.run import outcome, run

    with tenant_context(get_tenant_model().objects.get(schema_name=schema)):
        try:
            shadow.compare(now=clock.now())
            due = registry.networks_due(now=clock.now()) if networks is None else networks
            found = run(
                seed=seed, now=clock.now(), promote=promote, networks=due, told=progress.tell
            )
        except DomainError as error:
            progress.end(error.detail, failed=True)
        except Exception:
            progress.end("The training broke off; the worker's log says why.", failed=True)
            raise
        else:
            progress.end(outcome(found), failed=bool(found.failures))
        tracking.sync()


def wake_tracking(schema: str) -> None:
    """Have MLflow told of a promotion; it is told daily, so a queue that is gone costs a wait."""
    from kombu.exceptions import OperationalError

    with suppress(OperationalError, OSError):
        track.apply_async(kwargs={"schema": schema}, retry=False, ignore_result=True)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def track(*, schema: str) -> None:
    """Tell MLflow of a tenant's models."""
    with tenant_context(get_tenant_model().objects.get(schema_name=schema)):
        tracking.sync()


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def track_all() -> None:
    """Tell MLflow of every tenant's models: a store that was lost is made again."""
    for tenant in get_tenant_model().objects.filter(provisioned_at__isnull=False):
        with tenant_context(tenant):
            tracking.sync()


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def backtest(*, schema: str, token: str) -> None:
    """Run the back-test that somebody asked for."""
    from fraud.backtests import run  # compiles what only workers need

    with tenant_context(get_tenant_model().objects.get(schema_name=schema)):
        try:
            run.run(token)
        except DomainError as error:
            backtests.end(token, failed=error.detail)
        except Exception:
            backtests.end(token, failed="The back-test broke off; the worker's log says why.")
            raise
