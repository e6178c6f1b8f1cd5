"""Events to read models: the projection ``attribution``.

A batch costs what the people in it have lived through, never what the tenant has: their touches and
conversions are read through indexes, their journeys cut anew, and the difference is added to the
stores. Everything is integers, so the order of batches leaves no trace.
"""

from collections.abc import Callable, Iterator, Sequence

from django.db import connection

from attribution.models import Fit, FittedTouch, LearnedCredit
from attribution.projection import (
    erasure,
    expiring,
    facts,
    journeys,
    membership,
    names,
    people,
    rejections,
    rework,
    tables,
    valuation,
    write,
)
from attribution.projection.standing import standing
from eventlog.contracts import StoredEvent

_PLAN = "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL jit = off"
"""Fresh tables have no statistics; the right plan for a batch is always: look up by index."""

_AT_ONCE = 5_000
"""Persons cut anew together when a late rate gives many of them another value."""

_ALONE: dict[str, Callable[[StoredEvent], None]] = {
    "attribution.rules_set": rework.set_rules,
    "touch.rejected": rejections.decide,
    "touch.restored": rejections.decide,
    "source.rejected": rejections.decide,
    "source.restored": rejections.decide,
    "subject.erased": erasure.erase,
    "log.expired": expiring.note,
}
"""What changes how everything before it is read, and so is applied by itself, in its place."""


def handle(events: Sequence[StoredEvent]) -> None:
    """Apply a batch in log order, inside the caller's transaction."""
    relevant = [event for event in events if event.type in facts.RELEVANT or event.type in _ALONE]
    if not relevant:
        return
    with connection.cursor() as cursor:
        cursor.execute(_PLAN)
    for run in _runs(relevant):
        alone = _ALONE.get(run[0].type)
        if alone is None:
            _apply(run)
        else:
            alone(run[0])


def settle() -> bool:
    """Do one step of the work that changed rules or an expiry have left; whether there was any."""
    with connection.cursor() as cursor:
        cursor.execute(_PLAN)
    return rework.step() or expiring.step()


def _runs(events: Sequence[StoredEvent]) -> Iterator[list[StoredEvent]]:
    """The batch cut around the events that are applied alone."""
    run: list[StoredEvent] = []
    for event in events:
        if event.type not in _ALONE:
            run.append(event)
            continue
        if run:
            yield run
        yield [event]
        run = []
    if run:
        yield run


def _apply(events: Sequence[StoredEvent]) -> None:
    found = facts.read(events)
    ids = names.intern(found.labels)
    rules = standing()
    known = people.stitch(found.subjects(), found.links, rules.rules.shared_devices)
    spans = valuation.put(found.rates, rules.currency)
    changed = write.write(found, ids, known, rules) | known.moved
    revalued = sorted(valuation.revalue(spans) - changed)
    journeys.renew(changed, rules)
    for low in range(0, len(revalued), _AT_ONCE):
        journeys.renew(set(revalued[low : low + _AT_ONCE]), rules)


def reset() -> None:
    """Empty the read models; a rebuild starts so. Fits go too: their keys are the read models'."""
    tables.truncate()
    membership.write_segments()
    Fit.objects.all().delete()
    LearnedCredit.objects.all().delete()
    FittedTouch.objects.all().delete()
