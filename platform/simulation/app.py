"""A month of an app that buys installs from publishers, two of whom cheat; the truth is known.

Clicks, the installs they lead to (or are said to), installs nobody brought, and what each publisher
cost on each day: as the events an app's measurement would send.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np

from simulation.installs import Manner, claimed_times, clean_times

Event = dict[str, Any]
DAYS = 30
PRICE = 1.80
ORGANIC = 25
IDLE_CLICKS = 2
"""Clicks that lead to nothing, per one that does."""
_NAMESPACE = uuid.UUID("0e3f4b0e-6c1e-5b9e-9a52-2f5f0c1c7e42")
_DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A publisher: its installs on a day, and how many it claims in which manner from a day on."""

    name: str
    per_day: int
    manner: Manner = Manner.CLEAN
    share: float = 0.0
    turns: int = 0


NETWORKS = (
    Network(name="alderads", per_day=24), Network(name="bluewave", per_day=18),
    Network(name="cobaltreach", per_day=15), Network(name="deltapush", per_day=12),
    Network(name="emberplay", per_day=10), Network(name="fjordmedia", per_day=8),
    Network(name="quickinstalls", per_day=14, manner=Manner.HIJACK, share=0.7, turns=22),
    Network(name="glutmedia", per_day=12, manner=Manner.FLOODING, share=0.6),
)  # fmt: skip


def events(*, seed: int, start: date, networks: tuple[Network, ...] = NETWORKS) -> Iterator[Event]:
    """The month's events by day, in the form `POST /api/v1/events` takes.

    Ids follow from seed and place, so sending them again adds nothing. Installs may come after
    the month's last day.
    """
    rng = np.random.default_rng(seed)
    for day in range(DAYS):
        midnight = datetime.combine(start + timedelta(days=day), time(), tzinfo=UTC)
        for network in networks:
            yield from _bought(network, day, midnight, seed, rng)
        for number, second in enumerate(rng.uniform(0, _DAY, ORGANIC).tolist()):
            who = f"{seed}/organic/{day}/{number}"
            yield _install(who, midnight + timedelta(seconds=second))


def _bought(
    network: Network, day: int, midnight: datetime, seed: int, rng: np.random.Generator
) -> Iterator[Event]:
    count = int(rng.poisson(network.per_day))
    took = clean_times(count, rng)
    if day >= network.turns:
        false = rng.random(count) < network.share
        took[false] = claimed_times(network.manner, int(false.sum()), rng)
    clicked = rng.uniform(0, _DAY, count * (1 + IDLE_CLICKS)).tolist()
    for number, second in enumerate(clicked):
        who = f"{seed}/{network.name}/{day}/{number}"
        at = midnight + timedelta(seconds=second)
        touch = {"channel": "Display", "source": network.name}
        yield _event(who, "ad.click", at, {"touch": touch})
        if number < count:
            yield _install(who, at + timedelta(seconds=float(took[number])))
    if count:
        spend = {"day": midnight.date().isoformat(), "channel": "Display", "source": network.name}
        cost = {**spend, "cost": round(PRICE * count, 2)}
        yield _event(f"{seed}/{network.name}/{day}", "spend.recorded", midnight, cost, whose=False)


def _install(who: str, at: datetime) -> Event:
    return _event(who, "conversion.recorded", at, {"conversion_type": "install"})


def _event(who: str, kind: str, at: datetime, body: Event, *, whose: bool = True) -> Event:
    made: Event = {
        "id": str(uuid.uuid5(_NAMESPACE, f"{kind}/{who}")), "type": kind,
        "timestamp": at.isoformat(), "properties": body,
    }  # fmt: skip
    return {**made, "anonymous_id": who} if whose else made
