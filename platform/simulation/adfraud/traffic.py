"""Honest and false traffic together, in the order of time."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from simulation.adfraud.honest import honest
from simulation.adfraud.people import Event, person
from simulation.adfraud.schemes import HOSTING, SCHEMES, Scheme, someone

__all__ = ["HOSTING", "Told", "traffic"]
_DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event with its truth: the ``scheme`` it belongs to where it is false, else ``None``."""

    event: Event
    scheme: Scheme | None


def traffic(
    *, seed: int, start: datetime, people: int, days: float = 1.0, false: float = 0.1,
    schemes: Collection[Scheme] = tuple(SCHEMES),
) -> list[Told]:  # fmt: skip
    """What ``people`` do from ``start`` on, and ``false`` times as many journeys of schemes.

    By time; journeys begin within ``days`` and may end after. Equal seeds give equal traffic.
    """
    found = [*_honest(seed, start, people, days)]
    for scheme in sorted(schemes):
        # A seed of its own: leaving one scheme out changes no other.
        rng = np.random.default_rng([seed, list(Scheme).index(scheme)])
        for number in range(round(people * false / len(SCHEMES))):
            who = someone(scheme, number, rng)
            at = float(rng.uniform(0.0, days * _DAY))
            for event, is_false in SCHEMES[scheme](who, at, start, rng):
                found.append(Told(event=event, scheme=scheme if is_false else None))
    return sorted(found, key=lambda told: (told.event["timestamp"], told.event["id"]))


def _honest(seed: int, start: datetime, people: int, days: float) -> Iterator[Told]:
    rng = np.random.default_rng([seed, 1_000])
    for number in range(people):
        who = person(f"person/{seed}/{number}", rng)
        at = float(rng.uniform(0.0, days * _DAY))
        for event in honest(who, at, start, rng):
            yield Told(event=event, scheme=None)
