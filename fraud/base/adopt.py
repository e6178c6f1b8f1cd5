"""A tenant without a model of its own has the shared base model judge beside the rules."""

from datetime import datetime

from fraud.base.kept import FAMILY, base
from fraud.models import TrainedModel
from fraud.scoring.decide import FEATURES_VERSION
from fraud.training import registry

WHY = "The shared base model, until one is trained from labels."


def adoptable() -> bool:
    """Whether the active tenant has no model yet, and the base model knows today's features."""
    return base().features_version == FEATURES_VERSION and not TrainedModel.objects.exists()


def adopt(*, actor: str, now: datetime) -> bool:
    """Make the base model the champion where it is ``adoptable``; whether it is now."""
    if not adoptable():
        return False
    shared = base()
    registry.register(
        shared.artefact, digest=shared.digest, family=FAMILY,
        features_version=shared.features_version, figures=shared.figures,
        learned_from=shared.learned_from, now=now,
    )  # fmt: skip
    registry.promote(shared.digest, why=WHY, actor=actor, now=now)
    return True
