"""What a model has to be before anybody's events are judged by it."""

from dataclasses import dataclass

from ml.training.judged import Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The least a model must reach on what came last.

    ``above_chance``: how many times the average precision of guessing, which is the share of false
    events; ``calibration_error`` at most, or what chance explains where there are few events.
    """

    auc: float = 0.70
    above_chance: float = 2.0
    calibration_error: float = 0.03


def failures(found: Judged, gate: Gate) -> list[str]:
    """In words, what a model falls short of; none: it may be registered."""
    chance = min(gate.above_chance * found.positives / found.n, 0.9)
    checks = (
        (found.auc >= gate.auc, f"AUC {found.auc:.3f} is below {gate.auc:g}"),
        (
            found.average_precision >= chance,
            f"average precision {found.average_precision:.3f} is below {chance:.3f}",
        ),
        (
            found.calibration_error <= max(gate.calibration_error, found.calibration_chance),
            f"calibration error {found.calibration_error:.3f} is over {gate.calibration_error:g}",
        ),
    )
    return [words for fine, words in checks if not fine]
