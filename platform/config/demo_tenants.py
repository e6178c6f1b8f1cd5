"""The demo's tenants in the database: made once, loaded through the pipeline, found again later."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django_tenants.utils import tenant_context

from config import demo
from eventlog.seal import sealer
from eventlog.tenancy import deactivate
from fraud import tasks
from fraud.contracts import EventFraud
from fraud.labels.commands import Word, say
from fraud.scoring import policy
from fraud.scoring.decide import Policy
from fraud.training import progress
from ingest import pipeline
from ingest.batch import Circumstances
from ingest.imports.run import OLDEST
from ingest.wire import Incoming
from kernel import ids
from simulation import adfraud, advertiser, app
from simulation import events as simulated
from tenants import keys, provisioning
from tenants.contracts import Role, Scope
from tenants.models import ApiKey, Membership, Tenant, User

BATCH = 2_000


def ensure(
    plan: demo.Planned, known: demo.Login | None, *, url: str, now: datetime
) -> tuple[Tenant, demo.Login]:
    """The tenant of ``plan`` with an owner who can log in and keys that work."""
    deactivate()
    tenant, _ = Tenant.objects.get_or_create(
        slug=plan.slug,
        defaults={
            "name": plan.name,
            "kind": plan.kind,
            "currency": plan.currency,
            "schema_name": f"t_{plan.slug}",
            "created_at": now,
        },
    )
    if tenant.provisioned_at is None:
        provisioning.provision(tenant=tenant, now=now)
    password = _owner(tenant, plan, known.password if known else "", now)
    host = url.replace("://", f"://{plan.slug}.")
    return tenant, demo.Login(
        slug=plan.slug,
        kind=str(plan.kind),
        host=host,
        user=plan.email,
        password=password,
        write_key=_key(tenant, "demo: sends", Scope.INGEST, known.write_key if known else "", now),
        read_key=_key(tenant, "demo: reads", Scope.READ, known.read_key if known else "", now),
    )


def stamp(tenant: Tenant) -> Path:
    """The file that says the whole simulation is in this tenant's log.

    Without it the simulation is sent again, and every event is recognised as a duplicate.
    """
    made: Path = settings.STATE / f"demo-{tenant.slug}-{tenant.created_at:%Y%m%d%H%M%S}.loaded"
    return made


def simulate_into(tenant: Tenant, *, touches: int, now: datetime) -> Iterator[tuple[int, int]]:
    """Send the simulated market's events through the pipeline; yields (events done, of all)."""
    start = demo.first_day(tenant.created_at)
    market = advertiser.NORTHWIND
    simulation = advertiser.simulate(
        market, seed=demo.SEED, start=start, days=demo.DAYS, touches=touches
    )
    total = simulated.count(simulation)
    circumstances = Circumstances(
        now=now, secret=bytes(tenant.secret), source="simulation", oldest=OLDEST
    )
    done = 0
    stream = simulated.native(simulation)
    while chunk := list(islice(stream, BATCH)):
        _send(chunk, circumstances)
        done += len(chunk)
        yield done, total
    stamp(tenant).touch()


def installs_into(tenant: Tenant, *, now: datetime) -> Iterator[tuple[int, int]]:
    """Send a month of an app's installs through the pipeline, and score it as it comes.

    In its last two days every kind of fraud there is; of most of it somebody says so, and a model
    is trained from that. Yields (events done, of all).
    """
    told = _fraud(tenant)
    made = _month(tenant, told, now)
    with tenant_context(tenant):
        policy.put(Policy(on=True), actor="demo", now=now)
    circumstances = Circumstances(
        now=now, secret=bytes(tenant.secret), source="simulation", oldest=OLDEST
    )
    for low in range(0, len(made), BATCH):
        _send(made[low : low + BATCH], circumstances)
        yield min(low + BATCH, len(made)), len(made)
    with tenant_context(tenant):
        _say(told, now)
        if progress.begin():
            tasks.train.delay(schema=tenant.schema_name, promote=True)
    stamp(tenant).touch()


def _fraud(tenant: Tenant) -> list[adfraud.Told]:
    """Two days of traffic with every kind of fraud in it."""
    lately = datetime.combine(tenant.created_at.date() - timedelta(days=1), time(), tzinfo=UTC)
    return adfraud.traffic(seed=demo.SEED, start=lately, people=500)


def _month(tenant: Tenant, told: Sequence[adfraud.Told], now: datetime) -> list[dict[str, Any]]:
    """The events up to ``now``, in the order of time."""
    start = tenant.created_at.date() - timedelta(days=app.DAYS)
    made = [*app.events(seed=demo.SEED, start=start), *(each.event for each in told)]
    past = [each for each in made if _at(each) < now]
    return sorted(past, key=_at)


def _say(told: Sequence[adfraud.Told], now: datetime) -> None:
    """Label four of five of the events, an hour after each; the others wait for a reviewer."""
    sealer.catch_up(now=now)
    words = [
        Word(
            event=ids.event_id(each.event["id"]), fraud=each.scheme is not None,
            kind=EventFraud(each.scheme) if each.scheme else None,
            at=_at(each.event) + timedelta(hours=1),
        )
        for number, each in enumerate(told)
        if number % 5 and _at(each.event) + timedelta(hours=1) < now
    ]  # fmt: skip
    for low in range(0, len(words), BATCH):
        say(words[low : low + BATCH], actor="demo", now=now, counting=False)


def _at(event: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(event["timestamp"])


def _send(events: Sequence[dict[str, Any]], circumstances: Circumstances) -> None:
    incoming = [(number, msgspec.convert(each, Incoming)) for number, each in enumerate(events)]
    batch = pipeline.run(pipeline.start(incoming, circumstances))
    if batch.rejected:
        raise AssertionError(f"the simulator made a bad event: {batch.rejected[0]}")


def _owner(tenant: Tenant, plan: demo.Planned, password: str, now: datetime) -> str:
    user = User.objects.filter(email=plan.email).first()
    if user is None or not password or not check_password(password, user.password):
        password = demo.new_password()
    if user is None:
        user = User.objects.create_user(email=plan.email, password=password, name="Demo")
    elif not check_password(password, user.password):
        user.set_password(password)
        user.save(update_fields=["password"])
    Membership.objects.get_or_create(
        tenant=tenant, user=user, defaults={"role": Role.OWNER, "created_at": now}
    )
    return password


def _key(tenant: Tenant, name: str, scope: Scope, text: str, now: datetime) -> str:
    """The key of an earlier start while it works, else a new one in its place."""
    prefix = text.split("_")[1] if text.count("_") == 2 else ""
    live = ApiKey.objects.filter(tenant=tenant, name=name, revoked_at=None)
    if prefix and live.filter(prefix=prefix).exists():
        return text
    live.update(revoked_at=now)
    issued = keys.issue(tenant=tenant, name=name, scopes=(scope,), created_by="demo", now=now)
    return issued.text
