"""Events to read models: the projection ``attribution``.

A batch costs what the people in it have lived through, never what the tenant has: their touches and
conversions are read through indexes, their journeys cut anew, and the difference is added to the
stores. Everything is integers, so the order of batches leaves no trace.
"""

from collections.abc import Sequence

from django.db import connection

from attribution.journeys.build import Config
from attribution.models import Fit, LearnedCredit
from attribution.projection import (
    cut,
    facts,
    membership,
    names,
    people,
    stores,
    tables,
    valuation,
    write,
)
from eventlog.contracts import StoredEvent
from tenants.models import Tenant

_PLAN = "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL jit = off"
"""Fresh tables have no statistics; the right plan for a batch is always: look up by index."""

_AT_ONCE = 5_000
"""Persons cut anew together when a late rate gives many of them another value."""


def handle(events: Sequence[StoredEvent]) -> None:
    """Apply a batch in log order, inside the caller's transaction."""
    found = facts.read(events)
    if not found:
        return
    with connection.cursor() as cursor:
        cursor.execute(_PLAN)
    ids = names.intern(found.labels)
    person_of, merged = people.stitch(found.subjects(), found.links)
    config, home = _settings()
    spans = valuation.put(found.rates, home)
    changed = write.write(found, ids, person_of, home)
    changed |= {person_of[subject] for pair in found.links for subject in pair} if merged else set()
    revalued = sorted(valuation.revalue(spans) - changed)
    if changed or merged:
        _bring_up_to_date(changed, merged, config)
    for low in range(0, len(revalued), _AT_ONCE):
        _bring_up_to_date(set(revalued[low : low + _AT_ONCE]), set(), config)


def _bring_up_to_date(changed: set[str], merged: set[str], config: Config) -> None:
    direct = names.direct()
    stores.add(cut.recut(changed, merged, direct=direct, config=config), direct)


def reset() -> None:
    """Empty the read models; a rebuild starts so. Fits go too: their keys are the read models'."""
    tables.truncate()
    membership.write_segments()
    Fit.objects.all().delete()
    LearnedCredit.objects.all().delete()


def _settings() -> tuple[Config, str]:
    """How far journeys look back, and the tenant's currency."""
    schema = connection.schema_name  # type: ignore[attr-defined]  # django-tenants sets it
    found = Tenant.objects.filter(schema_name=schema).values_list("lookback_days", "currency")
    days, currency = found.first() or (0, "")
    return Config(lookback_days=days or Config().lookback_days), currency
