"""Click to install times: who claims installs is found, and nobody else."""

from collections.abc import Callable
from typing import Any

from fraud.contracts import FraudType
from fraud.ctit import Clicks, judge
from simulation.installs import Installs, Manner, Publisher, installs

Row = dict[str, Any]
SEEDS = 10
CLEAN = 40
KINDS = {
    Manner.INJECTION: FraudType.CLICK_INJECTION,
    Manner.HIJACK: FraudType.INSTALL_HIJACK,
    Manner.FLOODING: FraudType.CLICK_FLOODING,
    Manner.SPAM: FraudType.CLICK_SPAM,
}


def ctit() -> list[Row]:
    """Publishers of four kinds of fraud, half of whose 500 installs are false, among clean ones."""
    found = dict.fromkeys(KINDS, 0)
    false = 0
    for seed in range(SEEDS):
        made = installs(_market(), seed=seed)
        named = {(each.source, each.kind) for each in judge(clicks_of(made)).findings}
        for manner, kind in KINDS.items():
            found[manner] += (str(manner), kind) in named
        false += len({source for source, _ in named if source.startswith("clean")})
    recall = min(found.values()) / SEEDS
    said = ", ".join(f"{manner} {count}/{SEEDS}" for manner, count in found.items())
    return [
        {
            "name": "fraud/ctit", "value": recall, "unit": "recall of publishers, the worst kind",
            "bar": ">= 0.95", "ok": recall >= 0.95, "peer": said, "n": SEEDS * len(KINDS),
        },
        {
            "name": "fraud/ctit false", "value": false / (SEEDS * CLEAN),
            "unit": "share of clean publishers accused", "bar": "<= 0.005",
            "ok": false / (SEEDS * CLEAN) <= 0.005, "peer": f"{false} of {SEEDS * CLEAN}",
            "n": SEEDS * CLEAN,
        },
    ]  # fmt: skip


def _market() -> tuple[Publisher, ...]:
    clean = (
        Publisher(name=f"clean-{number}", installs=100 + 50 * number) for number in range(CLEAN)
    )
    bad = (Publisher(name=str(manner), installs=500, manner=manner, share=0.5) for manner in KINDS)
    return (*clean, *bad)


def clicks_of(made: Installs) -> Clicks:
    """Publishers of the simulator as the columns that are judged."""
    return Clicks(
        sources=tuple(each.name for each in made.publishers), source=made.publisher,
        seconds=made.seconds, clicks=made.clicks,
    )  # fmt: skip


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"fraud/ctit": ctit}
