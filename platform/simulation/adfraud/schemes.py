"""Ten ways to be paid for what nobody did, each as its events; which of them are false is known.

A scheme yields events with a truth: a click that was injected is false, and so is the install that
is claimed with it; what its owner does afterwards is real.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

import numpy as np

from simulation.adfraud.honest import Journey, after_install, touch
from simulation.adfraud.people import MODELS, Event, Person, hands, person, stiff

Truth = tuple[Event, bool]
HOSTING = ("185.220.0.0/16", "45.155.0.0/16")
"""Networks of data centres and VPNs, as a list of them would name them."""
_DAY = 86_400.0
_EMULATED = replace(
    MODELS[3], name="sdk_gphone64_x86_64", maker="Google", sensors=2, cores=2, memory=2.0
)


class Scheme(StrEnum):
    """The ten kinds."""

    CLICK_INJECTION = "click_injection"
    CLICK_FLOODING = "click_flooding"
    SDK_SPOOFING = "sdk_spoofing"
    INSTALL_HIJACK = "install_hijack"
    DEVICE_FARM = "device_farm"
    BOT = "bot"
    DATA_CENTRE = "data_centre"
    BEHAVIOUR = "behaviour"
    IN_APP = "in_app"
    MISATTRIBUTED = "misattributed"


def _hosted(rng: np.random.Generator) -> str:
    block = "185.220" if rng.random() < 0.5 else "45.155"
    return f"{block}.{rng.integers(0, 40)}.{rng.integers(1, 250)}"


def injection(who: Person, at: float, start: datetime, rng: np.random.Generator) -> Iterator[Truth]:
    """An app on the device hears that another was installed, and clicks before it is opened."""
    journey, took = Journey(who, start, rng), float(rng.uniform(0.3, 2.8))
    began = -float(rng.uniform(5.0, 90.0))
    yield journey.clicked(at, touch(rng, "glidemedia")), True
    measured = {"install_begin_seconds": round(began, 1), "first_open_seconds": round(took, 1)}
    yield journey.installed(at + took, **measured), True
    for each in after_install(journey, at + took):
        yield each, False


def hijack(who: Person, at: float, start: datetime, rng: np.random.Generator) -> Iterator[Truth]:
    """As injection, but while the store still downloads: the glut of 3 to 10 seconds."""
    journey, took = Journey(who, start, rng), float(rng.uniform(3.0, 9.8))
    began = -float(rng.uniform(1.0, 20.0))
    yield journey.clicked(at, touch(rng, "quickinstalls")), True
    measured = {"install_begin_seconds": round(began, 1),
                "first_open_seconds": round(took * 0.5, 1)}  # fmt: skip
    yield journey.installed(at + took, **measured), True
    for each in after_install(journey, at + took):
        yield each, False


def flooding(who: Person, at: float, start: datetime, rng: np.random.Generator) -> Iterator[Truth]:
    """Clicks made for whoever has a certain app, again and again; some install by themselves."""
    journey, claimed = Journey(who, start, rng), touch(rng, "glutmedia")
    for moment in np.sort(rng.uniform(0.0, _DAY, int(rng.integers(6, 14)))).tolist():
        yield journey.clicked(at + moment, claimed), True
    if rng.random() < 0.15:
        took = float(rng.uniform(2.0, 24.0)) * 3_600.0
        began = took - float(rng.uniform(20.0, 200.0))
        installed = at + _DAY + took
        yield journey.installed(installed, install_begin_seconds=round(began, 1)), True


def spoofing(who: Person, at: float, start: datetime, rng: np.random.Generator) -> Iterator[Truth]:
    """A server that says what an SDK would: no device, no signature, the same few steps."""
    faked = replace(who, app="4.9.0", measured={"signature_ok": 0.0})
    journey, where = Journey(faked, start, rng), touch(rng, "spoofnet")
    yield journey.clicked(at, where), True
    at += float(rng.lognormal(5.0, 0.4))
    yield journey.installed(at), True
    for step in range(4):
        at += 30.0
        yield journey.event("app.screen", at, {"name": "home" if step % 2 else "item"}), True
    if rng.random() < 0.4:
        yield journey.bought(at + 30.0, 9.99), True


def farm(who: Person, at: float, start: datetime, rng: np.random.Generator) -> Iterator[Truth]:
    """Shelves of telephones: reset after each install, all on one line, always charged."""
    shelf = int(rng.integers(0, 4))
    resting = {
        "charging": 1.0,
        "battery": 1.0,
        "uptime_seconds": round(float(rng.uniform(60, 400))),
    }
    placed = replace(
        who, ip=f"81.33.{shelf}.7", model=MODELS[4], version="11", wifi=True, locale="en-GB",
        timezone="Europe/London", measured=who.measured | resting | {"sensors": 19.0},
    )  # fmt: skip
    journey, where = Journey(placed, start, rng), touch(rng, "farmhouse")
    yield journey.shown(at, where), True
    yield journey.clicked(at + 4.0, where), True
    at += 40.0 + float(rng.uniform(0.0, 60.0))
    measured = {"install_begin_seconds": 6.0, "first_open_seconds": 2.0}
    yield journey.installed(at, **measured), True
    for _ in range(3):
        at += float(rng.uniform(4.0, 6.0))
        still = hands(rng) | {"tilt_variation": 0.0}
        yield journey.event("app.screen", at, {"name": "home"}, **still), True


def bot(who: Person, at: float, start: datetime, rng: np.random.Generator) -> Iterator[Truth]:
    """An emulator that installs and clicks through the app, the same way each time."""
    measured = {
        **who.measured, "emulator": 1.0, "sensors": float(rng.integers(0, 3)), "battery": 0.5,
        "charging": 1.0, "adb": 1.0, "cores": 2.0, "memory_gb": 2.0, "touch_points": 1.0,
    }  # fmt: skip
    hidden = rng.random() < 0.3  # one that is not recognised as an emulator
    if hidden:
        measured["emulator"] = 0.0
    driven = replace(who, model=_EMULATED, version="11", measured=measured)
    journey, where = Journey(driven, start, rng), touch(rng, "botworks")
    yield journey.clicked(at, where), True
    at += 60.0
    yield journey.installed(at, install_begin_seconds=5.0, first_open_seconds=1.0), True
    for name in ("home", "item", "basket", "home", "item", "basket"):
        at += 2.0
        yield journey.event("app.screen", at, {"name": name}, **stiff(rng)), True


def hosted(who: Person, at: float, start: datetime, rng: np.random.Generator) -> Iterator[Truth]:
    """Traffic through data centres and VPNs, to pass for that of a dearer country."""
    away = replace(who, ip=_hosted(rng), locale="en-US", timezone="Asia/Dhaka", wifi=True)
    journey, where = Journey(away, start, rng), touch(rng, "geomask")
    yield journey.shown(at, where), True
    at += float(rng.lognormal(1.6, 0.7)) + 0.8
    yield journey.clicked(at, where), True
    if rng.random() < 0.7:
        at += float(rng.lognormal(4.8, 0.9)) + 10.0
        yield journey.installed(at, first_open_seconds=4.0), True
        for each in journey.used(at + 3.0, screens=3):
            yield each, True


def behaviour(who: Person, at: float, start: datetime, rng: np.random.Generator) -> Iterator[Truth]:
    """A script on real devices: nothing about them is odd but how they are used."""
    journey, where = Journey(who, start, rng), touch(rng, "scriptline")
    yield journey.clicked(at, where), True
    at += float(rng.lognormal(4.8, 0.9)) + 10.0
    measured = {"install_begin_seconds": 8.0, "first_open_seconds": 3.0}
    yield journey.installed(at, **measured), True
    for _ in range(int(rng.integers(8, 16))):
        at += 1.2 + float(rng.normal(0.0, 0.01))
        yield journey.event("app.screen", at, {"name": "item"}, **stiff(rng)), True


def in_app(who: Person, at: float, start: datetime, rng: np.random.Generator) -> Iterator[Truth]:
    """Real installs, then purchases nobody made: at once, of one price, one after the other."""
    journey, where = Journey(who, start, rng), touch(rng, "paybackads")
    yield journey.clicked(at, where), False
    at += float(rng.lognormal(4.8, 0.9)) + 10.0
    measured = {"install_begin_seconds": 9.0, "first_open_seconds": 20.0}
    yield journey.installed(at, **measured), False
    at += float(rng.uniform(3.0, 8.0))
    for _ in range(int(rng.integers(3, 8))):
        yield journey.bought(at, 49.99, **stiff(rng)), True
        at += float(rng.uniform(4.0, 9.0))


def misattributed(
    who: Person, at: float, start: datetime, rng: np.random.Generator
) -> Iterator[Truth]:
    """Whoever installs by themselves was "shown" an advertisement nobody saw, just before."""
    journey, claimed = Journey(who, start, rng), touch(rng, "viewclaim")
    for moment in np.sort(rng.uniform(1.0, 40.0, int(rng.integers(2, 5)))).tolist():
        yield journey.shown(at + moment, claimed, seen=False), True
    at += 41.0 + float(rng.uniform(0.0, 15.0))
    opened = round(float(rng.lognormal(3.0, 0.8)), 1)
    yield journey.installed(at, first_open_seconds=opened), True
    for each in after_install(journey, at):
        yield each, False


SCHEMES: Mapping[
    Scheme, Callable[[Person, float, datetime, np.random.Generator], Iterator[Truth]]
] = {
    Scheme.CLICK_INJECTION: injection, Scheme.CLICK_FLOODING: flooding,
    Scheme.SDK_SPOOFING: spoofing, Scheme.INSTALL_HIJACK: hijack, Scheme.DEVICE_FARM: farm,
    Scheme.BOT: bot, Scheme.DATA_CENTRE: hosted, Scheme.BEHAVIOUR: behaviour,
    Scheme.IN_APP: in_app, Scheme.MISATTRIBUTED: misattributed,
}  # fmt: skip


def someone(scheme: Scheme, number: int, rng: np.random.Generator) -> Person:
    """Whom a scheme uses: somebody real, somebody made up."""
    return person(f"{scheme}/{number}", rng)
