"""What the worker does for forecasts: make them weekly or when asked, and a caller's own series."""

from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django_tenants.utils import get_tenant_model, tenant_context

from kernel import clock
from kernel.errors import DomainError
from regulator import queries_forecasts
from regulator.forecasts import jobs, progress
from regulator.forecasts.ahead import LEAST
from regulator.models import Forecast
from tenants import rounds
from tenants.contracts import Kind
from tenants.models import Tenant

EVERY = timedelta(days=7)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def make_all() -> None:
    """Have every regulator's forecasts made whose newest are a week old.

    One tenant's trouble keeps no other waiting.
    """

    def ask(tenant: Tenant) -> None:
        if _due() and progress.begin():
            make.apply_async(kwargs={"schema": tenant.schema_name}, ignore_result=True)

    rounds.each(Kind.REGULATOR, ask, trouble="no forecast was asked for of %s")


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def make(*, schema: str, actor: str = "", countries: dict[str, str] | None = None) -> None:
    """Make a tenant's forecasts; ``countries``: by currency, whose holidays they know."""
    from regulator.forecasts.commands import make as make_forecasts  # libraries of workers only

    with tenant_context(get_tenant_model().objects.get(schema_name=schema)):
        try:
            found = make_forecasts(
                now=clock.now(), actor=actor, countries=countries, told=progress.tell
            )
        except DomainError as error:
            progress.end(error.detail, failed=True)
        except Exception:
            progress.end("The forecast broke off; the worker's log says why.", failed=True)
            raise
        else:
            count = sum(1 for each in found if each.operator)
            progress.end(f"{count} operators and their market were forecast.", failed=False)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def forecast_series(*, schema: str, job: str) -> None:
    """Forecast a series that a caller sent."""
    from regulator.forecasts.own import forecast  # libraries of workers only

    with tenant_context(get_tenant_model().objects.get(schema_name=schema)):
        asked = jobs.asked(job)
        if asked is None:
            return
        try:
            jobs.done(job, forecast(asked))
        except DomainError as error:
            jobs.failed(job, error.detail)
        except Exception:
            jobs.failed(job, "The forecast broke off.")
            raise


def wake(schema: str, actor: str, countries: dict[str, str] | None = None) -> bool:
    """Ask for forecasts now; false where they are being made or no worker can be told."""
    from kombu.exceptions import OperationalError

    if not progress.begin():
        return False
    with suppress(OperationalError, OSError):
        asked = {"schema": schema, "actor": actor, "countries": countries}
        make.apply_async(kwargs=asked, retry=False, ignore_result=True)
        return True
    progress.end("No worker could be told. Try again in a moment.", failed=True)
    return False


def wake_series(schema: str, job: str) -> None:
    """Have a caller's series forecast; where no worker can be told, the job says so."""
    from kombu.exceptions import OperationalError

    try:
        forecast_series.apply_async(
            kwargs={"schema": schema, "job": job}, retry=False, ignore_result=True
        )
    except (OperationalError, OSError):
        jobs.failed(job, "No worker could be told. Try again in a moment.")


def _due() -> bool:
    newest = Forecast.objects.order_by("-place").values_list("made_at", flat=True).first()
    if newest is not None and clock.now() - newest < EVERY:
        return False
    return queries_forecasts.months_known(today=clock.now().date()) >= LEAST
