"""Training the active tenant's detectors: read its hours, train, register, promote."""

import math
import time
from collections.abc import Mapping
from datetime import datetime

from ml.autoencoder.fitted import PASSES
from ml.training.versus import Versus
from regulator.learned import reading, registry, tracking
from regulator.learned.item import ModelItem
from regulator.learned.registry import CHALLENGER, WORKER
from regulator.learned.steps import Step, Told
from regulator.learned.train import ROUNDS, Trained, train

REFUSED = "refused"


def run(
    *, seed: int, now: datetime, passes: int = PASSES, rounds: int = ROUNDS, actor: str = WORKER,
    told: Told = lambda *_: None,
) -> Trained:  # fmt: skip
    """Learn of all whole weeks until ``now``; what passes its gate judges from then on.

    Raises ``TooLittleHistory``, or ``NotFound`` without figures.
    """
    began = time.monotonic()
    series = reading.series(until=now)
    told(Step.LOAD, f"{len(series):,} hours of {len(series.operators)} operators")
    found = train(series, seed=seed, passes=passes, count=rounds, told=told)
    item = described(found, seconds=time.monotonic() - began, now=now)
    if found.failures:
        tracking.refused(item, found.artefact, found.failures)
        return found
    registry.register(item, found.artefact, now=now)
    told(Step.REGISTER, f"challenger {item.digest[:8]}")
    registry.promote(item.digest, why="It passed its gate.", actor=actor, now=now)
    told(Step.PROMOTE, "it judges from now on")
    return found


def described(found: Trained, *, seconds: float, now: datetime) -> ModelItem:
    """A trained model as it is kept and told of."""
    ways = found.ways
    return ModelItem(
        digest=found.model.version, family=found.model.family,
        state=REFUSED if found.failures else CHALLENGER, registered_at=now, promoted_at=None,
        figures={**_finite(found.figures), "seconds": seconds},
        ways={
            name: {"way": way, **_told(ways.compared[name])} for name, way in ways.chosen.items()
        },
        learned_from=dict(found.learned_from),
    )  # fmt: skip


def outcome(found: Trained) -> str:
    """How a training ended, in a sentence."""
    if found.failures:
        return f"Not registered: {'; '.join(found.failures)}."
    return f"The model {found.model.version[:8]} passed its gate and judges from now on."


def _told(compared: Versus) -> dict[str, float]:
    return _finite(
        {
            "components": compared.champion, "network": compared.challenger,
            "difference": compared.difference, "low": compared.interval[0],
            "high": compared.interval[1], "stretches": float(compared.n),
            "anomalies": float(compared.positives),
        }
    )  # fmt: skip


def _finite(figures: Mapping[str, float]) -> dict[str, float]:
    """What can be kept as JSON: a comparison of too few stretches has no figures."""
    return {name: float(value) for name, value in figures.items() if math.isfinite(value)}
