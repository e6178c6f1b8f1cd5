"""What is kept of a training beside its model: figures and counts by name, pure.

Of the figures, ``parameter_…`` is what the trees were grown with, ``gate_…`` what they were held
against, ``weight_…`` the share a feature has in what moves the model. Of the counts, ``kind_…`` are
examples of a kind; ``first_at`` and ``last_at`` are seconds since 1970.
"""

from collections import Counter
from datetime import datetime

from fraud.features.sighting import EPOCH
from fraud.rules import VERSION
from fraud.scoring.decide import FEATURES_VERSION
from fraud.training.item import ModelItem
from fraud.training.learn import Learned
from fraud.training.train import Trained
from ml.training.gate import Gate
from ml.weights import weights

REFUSED, LATEST = "refused", 1_000
"""The state of what may not serve; of how many events it is asked what moves the model."""


def described(
    found: Trained, learned: Learned, *, state: str, gate: Gate, trials: int, seconds: float,
    now: datetime,
) -> ModelItem:  # fmt: skip
    """A trained model as it is kept and told of; nobody has promoted it."""
    judged = found.judged
    limits = {
        "gate_auc": gate.auc,
        "gate_average_precision": min(gate.above_chance * judged.positives / judged.n, 0.9),
        "gate_calibration_error": max(gate.calibration_error, judged.calibration_chance),
    }
    # What failed its checks may not be able to say.
    moves = {} if found.failures else weights(found.served, learned.examples.matrix[-LATEST:])
    low, high = judged.auc_interval
    return ModelItem(
        digest=found.served.version, family=found.family, state=state,
        features_version=FEATURES_VERSION, registered_at=now, promoted_at=None,
        figures={
            **found.figures(), **limits, "auc_low": low, "auc_high": high,
            **{f"weight_{name}": share for name, share in moves.items()},
            "trials": float(trials), "seconds": seconds,
        },
        learned_from={**found.learned_from, **_counts(found, learned)},
    )  # fmt: skip


def _counts(found: Trained, learned: Learned) -> dict[str, int]:
    kinds = Counter(kind for kind in learned.kinds if kind)
    at = learned.examples.at
    return {
        "judged_fraud": found.judged.positives, "rules": VERSION,
        "first_at": int(at[0] + EPOCH), "last_at": int(at[-1] + EPOCH),
        **{f"kind_{kind}": count for kind, count in kinds.items()},
    }  # fmt: skip
