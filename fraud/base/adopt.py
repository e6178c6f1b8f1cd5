"""A tenant without a model has the shared base model judge, where it fits its traffic."""

from datetime import datetime, timedelta

from django.db import transaction

from fraud.base.kept import FAMILY, base
from fraud.base.offered import offered
from fraud.base.trial import Trial, trial
from fraud.scoring import policy
from fraud.training import registry
from fraud.training.run import log
from ml.ensemble.served import load

DAYS = timedelta(days=30)
"""What happened in these days it is tried on."""


def adopt(*, actor: str, now: datetime) -> Trial | None:
    """Try the base model, and make it the champion where it fits; ``None``: it is not offered."""
    if not offered():
        return None
    shared = base()
    found = trial(
        log(), log(), since=now - DAYS, policy=policy.current(), model=load(shared.artefact)
    )
    if found.fits:
        _promoted(actor, found.words(), now)
    return found


def _promoted(actor: str, why: str, now: datetime) -> None:
    """Both or neither: one that is registered alone is offered to nobody again."""
    shared = base()
    with transaction.atomic():
        registry.register(
            shared.artefact, digest=shared.digest, family=FAMILY,
            features_version=shared.features_version, figures=shared.figures,
            learned_from=shared.learned_from, now=now,
        )  # fmt: skip
        registry.promote(shared.digest, why=why, actor=actor, now=now)
