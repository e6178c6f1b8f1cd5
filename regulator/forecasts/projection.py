"""From forecasts that were made to their rows: a projection of its own."""

from collections.abc import Sequence

import msgspec

from eventlog.catalogue import decode
from eventlog.contracts import StoredEvent
from eventlog.tenancy import active_tenant
from regulator.models import Forecast

NAME = "regulator-forecasts"
"""The projection's name."""
_TYPE = "gaming.forecast_made"


def handle(events: Sequence[StoredEvent]) -> None:
    """Apply a batch in the order of the log."""
    Forecast.objects.bulk_create(
        [_row(stored) for stored in events if stored.type == _TYPE], ignore_conflicts=True
    )


def reset() -> None:
    """Forget all forecasts."""
    active_tenant()
    Forecast.objects.all().delete()


def _row(stored: StoredEvent) -> Forecast:
    body = decode(stored)
    return Forecast(
        event=stored.id,
        run=body.run,
        operator=body.operator,
        currency=body.currency,
        made_at=stored.occurred_at,
        place=stored.position,
        body=msgspec.to_builtins(body),
    )
