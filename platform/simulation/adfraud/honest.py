"""What people do between an advertisement and a purchase; and the events that tell of it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from simulation.adfraud.people import Event, Person, hands
from simulation.installs import clean_times

_NAMESPACE = uuid.UUID("d4b0a2b6-52c4-5a54-9f0b-6a3b2a1f7e02")
SCREENS = ("home", "search", "item", "basket", "profile", "news")
PUBLISHERS = ("alderads", "bluewave", "cobaltreach", "deltapush", "emberplay", "fjordmedia")
CAMPAIGNS = ("autumn", "retarget", "lookalike", "video")


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """Where an advertisement was."""

    publisher: str
    site: str
    campaign: str
    creative: str

    def said(self) -> Event:
        """As an event says it."""
        return {
            "channel": "Display", "source": self.publisher, "sub_source": self.site,
            "campaign": self.campaign, "content": self.creative,
        }  # fmt: skip


def touch(rng: np.random.Generator, publisher: str | None = None) -> Touch:
    """An advertisement of a publisher, or of one of the honest ones."""
    name = publisher or str(rng.choice(PUBLISHERS))
    return Touch(
        publisher=name, site=f"{name}-{rng.integers(1, 9)}", campaign=str(rng.choice(CAMPAIGNS)),
        creative=f"creative-{rng.integers(1, 12)}",
    )  # fmt: skip


def event(
    who: Person, type: str, at: float, properties: Event, measured: dict[str, float] | None = None,
    *, start: datetime,
) -> Event:  # fmt: skip
    """An event ``at`` seconds after ``start``, in the form of `POST /api/v1/events`."""
    moment = start + timedelta(seconds=round(at, 3))
    text = f"{type}/{who.name}/{moment.isoformat()}"
    made: Event = {
        "id": str(uuid.uuid5(_NAMESPACE, text)), "type": type, "timestamp": moment.isoformat(),
        "anonymous_id": who.name, "context": who.context(measured or {}),
    }  # fmt: skip
    if type == "app.screen":
        return {**made, "name": properties["name"]}
    return {**made, "properties": properties}


class Journey:
    """Makes the events of one person after ``start``; what several schemes share."""

    def __init__(self, who: Person, start: datetime, rng: np.random.Generator) -> None:
        self.who, self.start, self.rng = who, start, rng

    def event(self, type: str, at: float, properties: Event, **measured: float) -> Event:
        """One event."""
        return event(self.who, type, at, properties, measured, start=self.start)

    def shown(self, at: float, where: Touch, *, seen: bool = True) -> Event:
        """An impression, in sight for a while or not at all."""
        seconds = round(float(self.rng.lognormal(1.0, 0.6)), 1) if seen else 0.0
        body = {"touch": where.said(), "viewable": seen, "view_seconds": seconds}
        return self.event("ad.impression", at, body)

    def clicked(self, at: float, where: Touch) -> Event:
        """A click."""
        return self.event("ad.click", at, {"touch": where.said(), "cost": 0.05})

    def installed(self, at: float, **measured: float) -> Event:
        """An install."""
        return self.event("conversion.recorded", at, {"conversion_type": "install"}, **measured)

    def bought(self, at: float, value: float, **measured: float) -> Event:
        """A purchase."""
        body = {"conversion_type": "purchase", "value": round(value, 2)}
        return self.event("conversion.recorded", at, body, **measured)

    def used(self, at: float, *, screens: int) -> Iterator[Event]:
        """A session as people have them."""
        for _ in range(screens):
            how = hands(self.rng)
            yield self.event("app.screen", at, {"name": str(self.rng.choice(SCREENS))}, **how)
            at += how["dwell_seconds"] + float(self.rng.lognormal(0.5, 0.7))


def honest(who: Person, at: float, start: datetime, rng: np.random.Generator) -> Iterator[Event]:
    """Somebody sees advertisements, may click, may install, use it, buy."""
    journey = Journey(who, start, rng)
    wants, where = rng.random(), touch(rng)
    if wants < 0.7:
        yield journey.shown(at, where)
        if wants < 0.12:
            return
        at += float(rng.lognormal(1.6, 0.7)) + 0.8
        yield journey.clicked(at, where)
        if wants < 0.45:
            return
        at, began = _install_time(at, rng)
        yield journey.installed(at, **began)
    else:
        yield journey.installed(at, first_open_seconds=round(float(rng.lognormal(4.0, 1.2)), 1))
    yield from after_install(journey, at)


def _install_time(clicked: float, rng: np.random.Generator) -> tuple[float, dict[str, float]]:
    """When the app is opened, and when its download began and how long it lay there."""
    took = float(clean_times(1, rng)[0])
    began = took * float(rng.uniform(0.15, 0.7))
    opened = (took - began) * float(rng.uniform(0.2, 0.8))
    measured = {"install_begin_seconds": round(began, 1), "first_open_seconds": round(opened, 1)}
    return clicked + took, measured


def after_install(journey: Journey, at: float) -> Iterator[Event]:
    """Sessions, and now and then a purchase in one."""
    rng: Any = journey.rng
    at += float(rng.lognormal(1.2, 0.5))
    for _ in range(1 + int(rng.poisson(1.1))):
        last = at
        for each in journey.used(at, screens=2 + int(rng.poisson(4))):
            yield each
            last += float(rng.lognormal(2.7, 0.4))
        if rng.random() < 0.10:
            bought = last + float(rng.lognormal(4.0, 0.8))
            yield journey.bought(bought, float(rng.lognormal(2.8, 0.7)), **hands(rng))
        at = last + float(rng.lognormal(9.0, 0.9))
