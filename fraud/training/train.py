"""Training in named steps, pure: split, fit, evaluate, gate, export, parity."""

from collections.abc import Mapping
from dataclasses import dataclass

from fraud.scoring.decide import FEATURES_VERSION
from fraud.training.learn import Learned
from fraud.training.members import Joined, candidates, join
from fraud.training.steps import TRIALS, Step, Told
from ml.ensemble.asked import probabilities
from ml.ensemble.served import Ensemble, load
from ml.training.gate import Gate, failures
from ml.training.judged import Judged, judged
from ml.training.split import by_time
from ml.trees import Forest
from ml.trees.export import artefact, parity
from ml.trees.fitted import DEFAULTS, fit, search

PARITY = 1e-5
"""How far, in probability, what is served may be from what was trained."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trained:
    """A model with what was found of it; ``failures`` says why it may not be registered."""

    served: Forest | Ensemble
    joined: Joined
    artefact: bytes
    networks: bool
    judged: Judged
    parity: float
    parameters: Mapping[str, float]
    failures: tuple[str, ...]
    learned_from: Mapping[str, int]

    @property
    def family(self) -> str:
        """What it is: trees, or an ensemble."""
        return self.served.family

    def figures(self) -> dict[str, float]:
        """The figures by name."""
        low, high = self.judged.average_precision_interval
        return {
            "average_precision": self.judged.average_precision,
            "average_precision_low": low, "average_precision_high": high,
            "auc": self.judged.auc, "recall": self.judged.recall,
            "calibration_error": self.judged.calibration_error,
            "calibration_chance": self.judged.calibration_chance, "parity": self.parity,
            "trees": float(self.served.header.trees), "networks": float(self.networks),
            **self.joined.figures(),
            **{f"parameter_{name}": float(value) for name, value in self.parameters.items()},
        }  # fmt: skip


def train(
    learned: Learned, *, seed: int, trials: int = TRIALS, gate: Gate | None = None,
    networks: bool = False, held: Ensemble | None = None, told: Told = lambda *_: None,
) -> Trained:  # fmt: skip
    """A model of a tenant's history. Raises ``ExamplesUnusable`` for too little of it.

    ``networks``: those are trained too, for which ``learned`` needs histories; else the networks
    of ``held``, the ensemble that serves, are held against the truth again.
    """
    parts = by_time(learned.examples)
    told(Step.SPLIT, f"{len(parts.fit):,} to learn from, {len(parts.tune):,} to tune on,"
                     f" {len(parts.test):,} to judge by")  # fmt: skip
    parameters = DEFAULTS if trials < 1 else search(
        parts.fit, parts.tune, seed=seed, trials=trials,
        told=lambda done, best: told(Step.FIT, f"trial {done} of {trials}, best {best:.3f}"),
    )  # fmt: skip
    fitted = fit(parts.fit, parts.tune, seed=seed, parameters=parameters)
    told(Step.FIT, f"{fitted.trees} trees")
    trees = artefact(fitted, parts.fit, features_version=FEATURES_VERSION)
    joined = join(
        trees, fitted.tuned, candidates(parts, seed=seed, networks=networks, held=held, told=told),
        parts.tune, seed=seed, told=told,
    )  # fmt: skip
    served = load(joined.artefact)
    found = judged(parts.test.truth, probabilities(served, parts.test), seed=seed)
    told(Step.EVALUATE, f"average precision {found.average_precision:.3f}, AUC {found.auc:.3f},"
                        f" calibration error {found.calibration_error:.3f}")  # fmt: skip
    short = failures(found, gate or Gate())
    told(Step.GATE, "; ".join(short) or "passed")
    told(Step.EXPORT, f"{len(joined.artefact) / 1e6:.1f} MB, {served.version[:8]}")
    differs = max(parity(fitted, Forest(trees), parts.test.matrix), joined.parity)
    told(Step.PARITY, f"differs by {differs:.1e} at most")
    if differs > PARITY:
        short.append(f"the export differs by {differs:.1e}, over {PARITY:.0e}")
    return Trained(
        served=served, joined=joined, artefact=joined.artefact, networks=networks, judged=found,
        parity=differs, parameters=parameters, failures=tuple(short),
        learned_from=_counts(learned, parts.test.truth.size),
    )  # fmt: skip


def _counts(learned: Learned, judged_on: int) -> dict[str, int]:
    false = int(learned.examples.truth.sum())
    return {
        "events": learned.read, "examples": len(learned.examples), "fraud": false,
        "honest": len(learned.examples) - false, "presumed": learned.presumed,
        "judged_on": judged_on,
    }  # fmt: skip
