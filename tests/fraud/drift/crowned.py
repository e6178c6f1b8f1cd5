"""A champion as a test crowns it."""

from fraud.drift import making
from fraud.scoring import policy
from fraud.scoring.decide import FEATURES_VERSION, Policy
from fraud.training import registry
from kernel import clock

WHO = "a" * 32


def crown(trained):
    """Make the model the active tenant's champion, with its reference; events are scored."""
    found, now = trained.found, clock.now()
    registry.register(
        found.artefact, digest=found.served.version, family="trees",
        features_version=FEATURES_VERSION, figures=found.figures(),
        learned_from=found.learned_from, now=now,
    )  # fmt: skip
    making.keep(trained.examples, found.served, now=now)
    registry.promote(found.served.version, why="First.", actor=WHO, now=now)
    policy.put(Policy(on=True), actor=WHO, now=now)
    return found.served
