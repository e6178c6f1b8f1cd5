"""The demo's gambling authority: a simulated market whose operators send, file and sometimes err.

Everything comes in as it would from outside: registered by commands, sent in batches that get
receipts, filed as returns. Doing it again brings no record twice.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as dtime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import OutputWrapper

from config import demo, demo_new_york, demo_tenants
from eventlog import subscriptions
from ingest.imports.run import principal_of
from regulator import queries
from regulator.contracts import Bracket, OperatorRegistered, Rates, ReturnFiled, TaxBase
from regulator.feeds import accept
from regulator.models import Operator
from regulator.operators import commands, projection
from regulator.returns import commands as returns
from simulation import gaming
from tenants import acts
from tenants.models import Tenant

DAYS, WEEK = 35, 7
BATCH = 1_000
LOST = range(2_000, 2_012)
"""Numbers of one operator's feed that never arrive."""
_RATE = 200_000
_PAUSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """An operator of the demo; it ``declares`` a share of its stakes, and may lose records."""

    title: str
    simulated: gaming.Operator
    declares: float = 1.0
    lost: range = range(0)


HOUSES = (
    House(
        title="Aurora Casino",
        simulated=gaming.Operator(name="aurora", games={"slots": 9.0, "table": 3.0}),
    ),
    House(
        title="Bluebell Bets",
        simulated=gaming.Operator(name="bluebell", games={"sports": 8.0}, stake=12.0),
        declares=0.97,
    ),
    House(
        title="Cardinal Play",
        simulated=gaming.Operator(name="cardinal", games={"slots": 7.0, "poker": 2.0}),
        lost=LOST,
    ),
)
"""One that is honest, one that declares too little, one whose feed loses records."""


def market_into(tenant: Tenant, *, now: datetime) -> Iterator[tuple[int, int]]:
    """Register, send and file; the tenant's schema is active. Yields (records sent, of all)."""
    start = tenant.created_at.date() - timedelta(days=DAYS)
    for house in HOUSES:
        with suppress(commands.OperatorExists):
            commands.register(_entry(house, start), now=tenant.created_at)
    _await_register({house.simulated.name for house in HOUSES})
    made = [_records(house, start) for house in HOUSES]
    total, done = sum(map(len, made)), 0
    for house, records in zip(HOUSES, made, strict=True):
        principal = replace(principal_of(tenant), feed=house.simulated.name)
        for low in range(0, len(records), BATCH):
            part = records[low : low + BATCH]
            raws = [
                msgspec.json.encode(each) for each in part if each["sequence"] not in house.lost
            ]
            accept.accept(raws, principal=principal, now=now)
            done += len(part)
            yield done, total
        returns.file(_returns(house, records, start), now=now)
    demo_tenants.stamp(tenant).touch()


def official_into(tenant: Tenant, data: Path, *, now: datetime, out: OutputWrapper) -> None:
    """New York's brands and all versions of their weeks; the tenant's schema is active.

    Doing it again files nothing twice.
    """
    with TemporaryDirectory(dir=settings.STATE) as folder:
        file = Path(folder) / "new-york-weekly.csv"
        names = demo_new_york.write(demo_new_york.versions(data), file)
        for entry in demo_new_york.entries(names):
            with suppress(commands.OperatorExists):
                commands.register(entry, now=tenant.created_at)
        _await_register(set(names))
        call_command("returns", str(file), tenant=tenant.slug, stdout=out)
    official_stamp(tenant).touch()


def official_stamp(tenant: Tenant) -> Path:
    """The file that says the official figures are in this tenant's log."""
    return demo_tenants.stamp(tenant).with_suffix(".official")


def due(house: House, *, start: date, after: int, now: datetime) -> Iterator[gaming.Event]:
    """What the house's players have done up to ``now`` since its record number ``after``."""
    hours = max(int((now - datetime.combine(start, dtime(), UTC)).total_seconds() // 3600) + 1, 0)
    for each in gaming.records(house.simulated, seed=demo.SEED, start=start, hours=hours):
        if datetime.fromisoformat(each["occurred_at"]) > now:
            return
        if each["sequence"] > after and each["sequence"] not in house.lost:
            yield each


def send_due(tenant: Tenant, *, now: datetime) -> int:
    """Send what each house has not sent yet, in batches; how many records. The schema is active."""
    start, sent = tenant.created_at.date() - timedelta(days=DAYS), 0
    for house in HOUSES:
        name = house.simulated.name
        principal = replace(principal_of(tenant), feed=name)
        coming = due(house, start=start, after=queries.feed(name).highest, now=now)
        while part := list(islice(coming, BATCH)):
            accept.accept(list(map(msgspec.json.encode, part)), principal=principal, now=now)
            sent += len(part)
    return sent


def _await_register(names: set[str]) -> None:
    """Until the register shows the operators: by the projector, or by hand where none runs."""
    while Operator.objects.filter(name__in=names).count() < len(names):
        if not subscriptions.advance(projection.NAME):
            time.sleep(_PAUSE_SECONDS)


def _records(house: House, start: date) -> list[gaming.Event]:
    """What the operator's players do until the day before the tenant was made."""
    return list(gaming.records(house.simulated, seed=demo.SEED, start=start, hours=24 * DAYS))


def _entry(house: House, start: date) -> OperatorRegistered:
    name = house.simulated.name
    flat = Rates(since=date(start.year - 1, 1, 1), base=TaxBase.GGR,
                 brackets=(Bracket(above=0, rate=_RATE),))  # fmt: skip
    return OperatorRegistered(
        operator=name, name=house.title, licence=f"MGA-{name[:3].upper()}-01",
        licensed_from=date(start.year - 1, 1, 1), licensed_until=None,
        currency=house.simulated.currency, game_types=tuple(house.simulated.games), rates=(flat,),
        actor=acts.NOBODY,
    )  # fmt: skip


def _returns(house: House, records: Sequence[gaming.Event], start: date) -> list[ReturnFiled]:
    """A return for each full week, filed three days after it ended; the last one is not yet due."""
    found = []
    for first in range(0, DAYS - WEEK, WEEK):
        low = start + timedelta(days=first)
        high = low + timedelta(days=WEEK - 1)
        mine = [each for each in records if str(low) <= each["occurred_at"][:10] <= str(high)]
        stakes, payouts, refunds = (
            sum(each["amount"] for each in mine if each["type"] == kind)
            for kind in ("stake", "payout", "refund")
        )
        declared = round(stakes * house.declares)
        ggr = declared - payouts - refunds
        found.append(
            ReturnFiled(
                operator=house.simulated.name, start=low, end=high,
                vintage=high + timedelta(days=3), currency=house.simulated.currency,
                stakes=declared, payouts=payouts, refunds=refunds, ggr=ggr,
                tax=max(ggr, 0) * _RATE // 1_000_000, source="demo",
            )
        )  # fmt: skip
    return found
