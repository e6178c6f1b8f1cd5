"""`python -m bench.feed_worker ATTACKS SEED`: attacks on feeds' records, inside the product.

Runs in the environment of a prepared benchmark tenant and prints one line of JSON. Every attack of
a sender has a feed of its own; attacks on the database are those of whoever owns it, and are undone
one after the other.
"""

import json
import os
import random
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

SCHEMA, RECORDS, HONEST = "t_bench", 40, 40
START = date(2026, 11, 1)
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
Record = dict[str, Any]
Batches = list[list[Record]]


def records(name: str, seed: int) -> list[Record]:
    """The first records of an operator's day."""
    from simulation.gaming import Operator
    from simulation.gaming import records as drawn

    made = drawn(Operator(name=name), seed=seed, start=START, hours=6)
    return [next(made) for _ in range(RECORDS)]


def deleted(sent: list[Record], rng: random.Random) -> Batches:
    """One to five records are never sent."""
    gone = set(rng.sample(range(len(sent) - 1), rng.randint(1, 5)))
    return [[each for place, each in enumerate(sent) if place not in gone]]


def deleted_later(sent: list[Record], rng: random.Random) -> Batches:
    """Sent, then sent again without one of them, the numbers behind it closed up."""
    gone = rng.randrange(len(sent) - 1)
    again = sent[:gone] + [{**each, "sequence": each["sequence"] - 1} for each in sent[gone + 1 :]]
    return [sent, again]


def edited(sent: list[Record], rng: random.Random) -> Batches:
    """Sent, then one sent again with another amount, player, game or time."""
    one = rng.choice(sent)
    change = rng.choice(
        [
            {"amount": one["amount"] + rng.choice([-1, 1, 100])}, {"player": "p-999"},
            {"game_type": "table" if one["game_type"] == "slots" else "slots"},
            {"occurred_at": (datetime.fromisoformat(one["occurred_at"])
                             + timedelta(seconds=1)).isoformat()},
        ]
    )  # fmt: skip
    return [sent, [{**one, **change}]]


def reordered(sent: list[Record], rng: random.Random) -> Batches:
    """Two records change their places."""
    one, other = sorted(rng.sample(range(len(sent)), 2))
    moved = list(sent)
    moved[one], moved[other] = moved[other], moved[one]
    return [moved]


def renumbered(sent: list[Record], rng: random.Random) -> Batches:
    """Two records have each other's number, so that what came first seems to come last."""
    one, other = sorted(rng.sample(range(len(sent)), 2))
    moved = list(sent)
    moved[one] = {**sent[one], "sequence": sent[other]["sequence"]}
    moved[other] = {**sent[other], "sequence": sent[one]["sequence"]}
    return [moved]


def duplicated(sent: list[Record], rng: random.Random) -> Batches:
    """A record is sent once more under another id."""
    one = rng.choice(sent)
    return [sent, [{**one, "id": f"{one['id']}-again"}]]


def repeated(sent: list[Record], rng: random.Random) -> Batches:
    """A record is sent once more as it is."""
    return [sent, [rng.choice(sent)]]


SENDERS: dict[Callable[[list[Record], random.Random], Batches], set[str]] = {
    deleted: {"records_missing"}, deleted_later: {"records_changed"},
    edited: {"records_changed", "numbers_reused"}, reordered: {"out_of_order"},
    renumbered: {"out_of_order"}, duplicated: {"numbers_reused"}, repeated: set(),
}  # fmt: skip
"""What each attack must be found as; a record that comes again is recognised and told nowhere.

An edit of the time is another place in the log: until it is sealed the number tells, then the id.
"""


def _register(names: list[str]) -> None:
    from regulator.models import Operator

    Operator.objects.bulk_create(
        Operator(
            name=name, title=name, licence=name, licensed_from=START - timedelta(days=30),
            currency="EUR", game_types=["slots", "table"], registered_at=NOW, changed_at=NOW,
        )
        for name in names
    )  # fmt: skip


def _send(name: str, batches: Batches, principal: Any) -> tuple[list[str], list[list[Record]]]:
    """The receipts, and what was kept for each."""
    from dataclasses import replace

    import msgspec

    from regulator.feeds import accept

    notes, kept = [], []
    for batch in batches:
        told = accept.accept(
            [msgspec.json.encode(each) for each in batch], principal=replace(principal, feed=name),
            now=NOW,
        )  # fmt: skip
        notes.append(told.receipt)
        refused = {each.index for each in told.refused}
        kept.append([each for place, each in enumerate(batch) if place not in refused])
    return notes, kept


def measure(attacks: int, seed: int) -> dict[str, Any]:
    """Send honest and wrong feeds, look at what is found of each; then attack the sealed log."""
    from eventlog.subscriptions import catch_up
    from ingest.imports.run import principal_of
    from regulator.feeds import projection
    from tenants.models import Tenant
    from tests.eventlog.events import settle

    rng = random.Random(seed)
    principal = principal_of(Tenant.objects.get(schema_name=SCHEMA))
    kinds = list(SENDERS)
    plan = {f"feed-{turn}": kinds[turn % len(kinds)] for turn in range(attacks // 2)}
    honest = [f"honest-{turn}" for turn in range(HONEST)]
    _register([*plan, *honest])
    put, found = Counter[str](), Counter[str]()
    sound = 0
    for turn, name in enumerate(honest):
        sound += _receipts_hold(*_send(name, [records(name, seed + turn)], principal))
    for turn, (name, kind) in enumerate(plan.items()):
        _send(name, kind(records(name, seed + turn), rng), principal)
    settle()
    catch_up(projection.NAME)
    for name, kind in plan.items():
        put[kind.__name__] += 1
        found[kind.__name__] += _found(name, SENDERS[kind])
    false = sum(len(_codes(name)) for name in honest) + HONEST - sound
    _in_the_database(attacks - len(plan), rng, put, found)
    return {
        "put": dict(put), "found": {each: found[each] for each in put}, "false": false,
        "honest": HONEST, "receipts": sound,
    }  # fmt: skip


def _codes(name: str) -> list[str]:
    from regulator import queries
    from regulator.feeds.checks import of_feed

    terms, feed = queries.operator(name), queries.feed(name)
    return [each.code for each in of_feed(terms, feed, [], NOW)]


def _found(name: str, codes: set[str]) -> bool:
    """Whether the feed's checks say so; a repeated record is counted as one and as repeated."""
    from regulator import queries

    if codes:
        return bool(codes & set(_codes(name)))
    feed = queries.feed(name)
    return feed.repeated == 1 and feed.records == RECORDS and not _codes(name)


def _receipts_hold(notes: list[str], kept: Batches) -> bool:
    """Whether each receipt is signed by the log, and is of what was sent."""
    from eventlog.seal import signing
    from regulator.feeds import decode, receipts
    from regulator.feeds.decode import Sender

    key = signing.known()[-1].verifier
    for note, batch in zip(notes, kept, strict=True):
        import msgspec

        told = receipts.checked(note, key)
        taken, _ = decode.records(
            [msgspec.json.encode(each) for each in batch],
            Sender(operator=told.operator, currency="EUR"), now=NOW,
        )  # fmt: skip
        lines = [receipts.line(each.kind, each.body, each.occurred_at) for each in taken]
        if (told.count, told.digest) != (len(batch), receipts.digest(lines)):
            return False
    return True


def _in_the_database(
    attacks: int, rng: random.Random, put: Counter[str], found: Counter[str]
) -> None:
    """Records deleted, edited, swapped or put in by the database's owner; the log's proof tells."""
    from bench.log_worker import NOON, _verified
    from eventlog.seal import queries, sealer, statements
    from tests.eventlog.events import settle
    from tests.eventlog.seal import attacks as known

    settle()
    sealer.catch_up(now=NOON, limit=500)
    latest = queries.latest()
    remembered = statements.remembered(latest.note)
    for turn in range(attacks):
        attack = known.ALL[turn % len(known.ALL)]
        with known.superuser() as owner:
            touched = attack(owner, rng, latest.size)
            damages = _verified(remembered)
        put["in the database"] += 1
        found["in the database"] += bool(damages) and (
            touched.exactly(damages[0]) or touched.roughly(damages[0])
        )


def main(attacks: int, seed: int) -> None:
    """Set the product up, measure, print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django_tenants.utils import tenant_context

    from tenants.models import Tenant

    with tenant_context(Tenant.objects.get(schema_name=SCHEMA)):
        print(json.dumps(measure(attacks, seed)))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
