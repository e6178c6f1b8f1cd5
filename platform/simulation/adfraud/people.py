"""People, their devices and addresses, and how their hands move."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

Event = dict[str, Any]
_NAMESPACE = uuid.UUID("5b7f3f0e-5a0c-5d0e-8f57-1b8f0d8f6c11")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A device as it is sold; ``share`` of people have it."""

    maker: str
    name: str
    os: str
    versions: tuple[str, ...]
    screen: tuple[int, int, float]
    sensors: int
    cores: int
    memory: float
    share: float


MODELS = (
    Model(maker="Apple", name="iPhone15,2", os="iOS", versions=("16.6", "17.4", "17.5"),
          screen=(1179, 2556, 3.0), sensors=9, cores=6, memory=6, share=0.26),
    Model(maker="Apple", name="iPhone12,1", os="iOS", versions=("15.7", "16.6"),
          screen=(828, 1792, 2.0), sensors=8, cores=6, memory=4, share=0.17),
    Model(maker="Samsung", name="SM-A546B", os="Android", versions=("13", "14"),
          screen=(1080, 2340, 2.6), sensors=21, cores=8, memory=6, share=0.19),
    Model(maker="Samsung", name="SM-G991B", os="Android", versions=("12", "13", "14"),
          screen=(1080, 2400, 2.8), sensors=27, cores=8, memory=8, share=0.13),
    Model(maker="Xiaomi", name="2201117TG", os="Android", versions=("11", "12", "13"),
          screen=(1080, 2400, 2.75), sensors=19, cores=8, memory=4, share=0.12),
    Model(maker="Google", name="Pixel 7", os="Android", versions=("13", "14"),
          screen=(1080, 2400, 2.6), sensors=30, cores=8, memory=8, share=0.07),
    Model(maker="Motorola", name="moto g52", os="Android", versions=("12", "13"),
          screen=(1080, 2400, 2.6), sensors=15, cores=8, memory=4, share=0.06),
)  # fmt: skip
_SHARES = np.array([each.share for each in MODELS]) / sum(each.share for each in MODELS)
_PLACES = (
    ("de-DE", "Europe/Berlin", 84), ("fr-FR", "Europe/Paris", 90), ("en-GB", "Europe/London", 81),
    ("es-ES", "Europe/Madrid", 88), ("pl-PL", "Europe/Warsaw", 83),
)  # fmt: skip
_CARRIERS = ("Telefonica", "Vodafone", "Orange", "T-Mobile")
_CELLULAR_POOL = 160
"""People on a carrier share so many addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a device, or what passes for one; ``measured`` is the device's own."""

    name: str
    device: str
    ip: str
    model: Model
    version: str
    locale: str
    timezone: str
    wifi: bool
    carrier: str
    app: str
    measured: dict[str, float]

    def context(self, measured: dict[str, float]) -> Event:
        """What a stock library sends of it, with what was measured just now."""
        model = self.model
        return {
            "ip": self.ip, "locale": self.locale, "timezone": self.timezone,
            "userAgent": _agent(model, self.version),
            "device": {"type": "ios" if model.os == "iOS" else "android", "id": self.device,
                       "manufacturer": model.maker, "model": model.name},
            "os": {"name": model.os, "version": self.version},
            "app": {"version": self.app},
            "library": {"name": "touchstone-sdk"},
            "network": {"wifi": self.wifi, "cellular": not self.wifi, "carrier": self.carrier},
            "screen": {"width": model.screen[0], "height": model.screen[1],
                       "density": model.screen[2]},
            "signals": self.measured | measured,
        }  # fmt: skip

    def with_measured(self, **measured: float) -> "Person":
        """The same with other measures of the device."""
        return replace(self, measured=self.measured | measured)


def _agent(model: Model, version: str) -> str:
    if model.os == "iOS":
        return (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS {version.replace('.', '_')} like Mac OS X) "
            f"AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{version} Mobile/15E148 "
            "Safari/604.1"
        )
    return (
        f"Mozilla/5.0 (Linux; Android {version}; {model.name}) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
    )


def person(name: str, rng: np.random.Generator, *, ip: str | None = None) -> Person:
    """Somebody with the devices, languages and networks people have."""
    model = MODELS[int(rng.choice(len(MODELS), p=_SHARES))]
    locale, timezone, block = _PLACES[int(rng.integers(len(_PLACES)))]
    wifi = rng.random() < 0.6
    if rng.random() < 0.04:  # on a journey, or speaking another language than the neighbours
        locale = _PLACES[int(rng.integers(len(_PLACES)))][0]
    low, high = rng.integers(1, 250, 2)
    home = f"{block}.{rng.integers(0, 200)}.{low}.{high}"
    shared = f"{block}.201.7.{rng.integers(1, _CELLULAR_POOL)}"
    return Person(
        name=name, device=str(uuid.uuid5(_NAMESPACE, name)), model=model,
        ip=ip or (home if wifi else shared), version=str(rng.choice(model.versions)),
        locale=locale, timezone=timezone, wifi=wifi, carrier=str(rng.choice(_CARRIERS)),
        app=str(rng.choice(["5.2.0", "5.3.0", "5.3.1"], p=[0.1, 0.25, 0.65])),
        measured=_device(model, rng),
    )  # fmt: skip


def _device(model: Model, rng: np.random.Generator) -> dict[str, float]:
    """What is measured of a device in somebody's hand."""
    return {
        "emulator": 0.0, "hooked": 0.0, "cloned": 0.0, "signature_ok": 1.0,
        "rooted": float(rng.random() < 0.015), "adb": float(rng.random() < 0.02),
        "sideloaded": float(rng.random() < 0.01), "mock_location": float(rng.random() < 0.004),
        "sensors": float(model.sensors), "cores": float(model.cores), "memory_gb": model.memory,
        "battery": round(float(rng.beta(3.0, 2.0)), 2), "charging": float(rng.random() < 0.22),
        "brightness": round(float(rng.beta(2.0, 2.5)), 2), "touch_points": 5.0,
        "uptime_seconds": round(float(rng.lognormal(12.2, 1.1))),
        "clock_off_seconds": round(float(rng.normal(0.0, 1.5)), 1),
    }  # fmt: skip


def hands(rng: np.random.Generator) -> dict[str, float]:
    """How somebody uses a page or screen."""
    dwell = float(rng.lognormal(2.6, 0.8))
    taps = float(1 + rng.poisson(2.5))
    return {
        "pointer_moves": float(rng.poisson(18)), "taps": taps,
        "pointer_entropy": round(float(rng.normal(2.35, 0.3)), 2),
        "pointer_straightness": round(float(rng.beta(4.0, 4.0)), 2),
        "pointer_speed": round(float(rng.lognormal(6.0, 0.4))),
        "pointer_speed_variation": round(float(rng.lognormal(-0.4, 0.3)), 2),
        "touch_pressure_variation": round(float(rng.gamma(4.0, 0.04)), 3),
        "tilt_variation": round(float(rng.gamma(3.0, 1.5)), 2),
        "scrolls": float(rng.poisson(4)), "scroll_depth": round(float(rng.beta(2.0, 2.0)), 2),
        "dwell_seconds": round(dwell, 1), "focus_share": round(float(rng.beta(12.0, 1.2)), 2),
        "first_input_seconds": round(float(rng.lognormal(0.6, 0.6)), 2),
    }  # fmt: skip


def stiff(rng: np.random.Generator) -> dict[str, float]:
    """How a program uses it: straight, even, at once."""
    return {
        "pointer_moves": float(rng.integers(0, 3)), "taps": 1.0, "pointer_entropy": 0.0,
        "pointer_straightness": 1.0, "pointer_speed": 1000.0, "pointer_speed_variation": 0.0,
        "touch_pressure_variation": 0.0, "tilt_variation": 0.0,
        "scrolls": float(rng.integers(0, 2)), "scroll_depth": 1.0,
        "dwell_seconds": round(float(rng.normal(1.0, 0.02)), 2), "focus_share": 1.0,
        "first_input_seconds": round(float(rng.normal(0.1, 0.005)), 3),
    }  # fmt: skip
