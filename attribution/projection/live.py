"""Markov's effects of all that is known, kept up to date as journeys finish and then looked up.

The process that projects keeps each tenant's chain in memory (``credit.live_chain``): a journey
that comes or goes changes it within microseconds, and what follows from it is written in the
transaction of the journey itself. Each such write has a ``revision`` of its own: where the table
has another than the memory, because a transaction was rolled back or another process projected, the
chain is taken from the store of transitions again, as it is for batches so large that this is
faster.
"""

import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from attribution.credit import CreditError, LiveChain
from attribution.models import LiveEffects
from attribution.projection import sums, tables
from attribution.store import chains
from attribution.store.record import Record
from attribution.store.words import START
from eventlog.tenancy import active_schema

MANY = 2_000
"""Journeys of a batch from which on the store is read instead."""

_TENANTS = 64
_REVISION = "SELECT revision FROM attribution_live_effects WHERE id = 1"
_PUT = """
INSERT INTO attribution_live_effects AS stored
    (id, revision, conversions, channels, removal, followed, touches)
VALUES (1, %s, %s, %s::integer[], %s::float8[], %s::bigint[], %s::bigint[])
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, conversions = excluded.conversions,
    channels = excluded.channels, removal = excluded.removal, followed = excluded.followed,
    touches = excluded.touches
"""
_EVERYTHING = sums.Scope(
    start=date(1, 1, 1), end=date(9999, 12, 31), dimension=0, segment=None, conversion_type=None
)


@dataclass(slots=True)
class _Known:
    """A tenant's chain; per channel the touches that conversions followed, and all touches."""

    chain: LiveChain
    revision: int = 0
    followed: dict[int, int] = field(default_factory=dict)
    touches: dict[int, int] = field(default_factory=dict)
    conversions: int = 0

    def change(self, record: Record, sign: int) -> None:
        path, won = [str(channel) for channel in record.channels], record.converted
        change = self.chain.add if sign > 0 else self.chain.subtract
        change(path, conversions=int(won), nulls=int(not won))
        self.conversions += sign * won
        for channel in record.channels:
            self.touches[channel] = self.touches.get(channel, 0) + sign
            self.followed[channel] = self.followed.get(channel, 0) + sign * won


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """Per channel its credit (conversions), the touches that conversions followed, all touches."""

    credit: Mapping[int, float]
    followed: Mapping[int, int]
    touches: Mapping[int, int]


_known: OrderedDict[str, _Known] = OrderedDict()


def follow(difference: Sequence[tuple[Record, int]]) -> None:
    """Bring the tenant's chain and what follows from it up to a difference the stores have."""
    walked = [(record, sign) for record, sign in difference if record.channels]
    if not walked:
        return
    revision = sums.rows(_REVISION, [])
    found = revision[0][0] if revision else None
    known = _known.pop(active_schema(), None)
    if known is None or known.revision != found or len(walked) > MANY:
        known = _loaded()
    else:
        known = _followed(known, walked)
    known.revision = secrets.randbits(62)
    _known[active_schema()] = known
    while len(_known) > _TENANTS:
        _known.popitem(last=False)
    _keep(known)


def _followed(known: _Known, walked: Sequence[tuple[Record, int]]) -> _Known:
    """Taken away first: what is taken away has been counted."""
    try:
        for record, sign in sorted(walked, key=lambda each: each[1]):
            known.change(record, sign)
    except CreditError:  # memory and store disagree: the store is right
        return _loaded()
    return known


def _loaded() -> _Known:
    rows = sums.transitions(_EVERYTHING)
    # The chain counts steps between different channels, and value is not asked of it.
    steps = [(*row[:4], 0) for row in rows if row[0] != row[1]]
    known = _Known(chain=LiveChain.of(chains.counts_of(steps)))
    for before, after, won, lost, _ in rows:
        known.followed[after] = known.followed.get(after, 0) + won
        known.touches[after] = known.touches.get(after, 0) + won + lost
        known.conversions += won if before == START else 0
    return known


def _keep(known: _Known) -> None:
    names = known.chain.channels
    removal = known.chain.effects().removal[:, 0].tolist()
    channels = [int(name) for name in names]
    arrays = (
        channels,
        removal,
        [known.followed.get(channel, 0) for channel in channels],
        [known.touches.get(channel, 0) for channel in channels],
    )
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [known.revision, known.conversions, *map(tables.literal, arrays)])


def known() -> Live:
    """What all journeys say, looked up; of a tenant without journeys, nothing."""
    row = LiveEffects.objects.filter(pk=1).first()
    if row is None:
        return Live(credit={}, followed={}, touches={})
    share = chains.shares(dict(zip(row.channels, row.removal, strict=True)))
    return Live(
        credit={channel: each * row.conversions for channel, each in share.items()},
        followed=dict(zip(row.channels, row.followed, strict=True)),
        touches=dict(zip(row.channels, row.touches, strict=True)),
    )
