"""Whether the shared base model is offered to a tenant, as the web needs to know it."""

from fraud.base.kept import base
from fraud.models import TrainedModel
from fraud.scoring.decide import FEATURES_VERSION


def offered() -> bool:
    """Whether the active tenant has no model yet, and the base model knows today's features."""
    return base().features_version == FEATURES_VERSION and not TrainedModel.objects.exists()
