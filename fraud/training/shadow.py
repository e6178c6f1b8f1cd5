"""The challenger in the shadow of the champion, on the live traffic since it was trained.

Both judge the same events by the features those had when they came. They are replayed from the log
rather than scored twice as they come: the two engines agree to the bit, so the result is the same
and no event waits for a model that decides nothing.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from alerts.contracts import Fact, Raised, Severity
from alerts.raising import raise_alert
from fraud.features.sighting import EPOCH
from fraud.models import TrainedModel
from fraud.scoring import serving
from fraud.scoring.serving import CHAMPION
from fraud.training import registry
from fraud.training.learn import learn
from fraud.training.registry import CHALLENGER
from fraud.training.run import WORKER, log
from ml.ensemble.asked import probabilities
from ml.ensemble.served import Ensemble
from ml.training.versus import Versus, versus

KIND = "fraud.model"
_SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadowed:
    """How the challenger did; ``promoted``: it was better by the test, and is the champion now."""

    challenger: str
    champion: str
    found: Versus
    promoted: bool


def compare(*, now: datetime, promote: bool = True) -> Shadowed | None:
    """Hold the challenger against the champion; ``None`` where there is not one of each."""
    rows = {
        row.state: row
        for row in TrainedModel.objects.defer("artefact").filter(state__in=[CHAMPION, CHALLENGER])
    }
    if len(rows) < 2:
        return None
    names = rows[CHAMPION].digest, rows[CHALLENGER].digest
    champion, challenger = serving.model(names[0]), serving.model(names[1])
    if champion is None or challenger is None:
        return None
    around = any(isinstance(each, Ensemble) for each in (champion, challenger))
    examples = learn(log(), histories=around).examples
    since = rows[CHALLENGER].registered_at.timestamp() - EPOCH
    later = examples.of(np.flatnonzero(examples.at >= since))
    found = versus(
        later.truth, probabilities(champion, later), probabilities(challenger, later), seed=_SEED
    )  # fmt: skip
    _noted(rows[CHALLENGER], found)
    if found.better and promote:
        low, high = found.interval
        why = (
            f"Average precision {found.challenger:.3f} instead of {found.champion:.3f} on"
            f" {found.n:,} events since it was trained ({low:+.3f} to {high:+.3f})."
        )
        registry.promote(names[1], why=why, actor=WORKER, now=now)
        raise_alert(_promoted(names[1], found, why, now), now=now)
    return Shadowed(
        challenger=names[1], champion=names[0], found=found, promoted=found.better and promote
    )


def _noted(row: TrainedModel, found: Versus) -> None:
    """Keep the comparison with the challenger, for whoever looks at the models."""
    low, high = found.interval
    figures = {
        "shadow_n": float(found.n), "shadow_positives": float(found.positives),
        "shadow_champion": found.champion, "shadow_challenger": found.challenger,
        "shadow_low": low, "shadow_high": high,
    }  # fmt: skip
    known = {name: value for name, value in figures.items() if np.isfinite(value)}
    TrainedModel.objects.filter(digest=row.digest).update(figures={**row.figures, **known})


def _promoted(challenger: str, found: Versus, why: str, now: datetime) -> Raised:
    """Nobody pressed a button, so somebody must hear of it."""
    return Raised(
        kind=KIND, key=f"promoted:{challenger[:12]}", severity=Severity.INFO,
        title=f"The model {challenger[:8]} judges now", text=why, path="/fraud/models/", since=now,
        facts=(
            Fact(label="Average precision", value=f"{found.challenger:.3f}"),
            Fact(label="Before", value=f"{found.champion:.3f}"),
            Fact(label="Events compared", value=f"{found.n:,}"),
        ),
    )  # fmt: skip
