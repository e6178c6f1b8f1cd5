"""What is said of learned detectors: that there are new ones, and which judge from then on."""

import msgspec

from eventlog.catalogue import event


@event("gaming.model_registered")
class GamingModelRegistered(msgspec.Struct, frozen=True, kw_only=True):
    """Detectors were learned of the market's past and passed their gate.

    ``model`` is the SHA-256 of their bytes. ``ways``: by operator, whether windows are judged by
    the network or by principal components, whichever was better on trial.
    """

    model: str
    family: str
    figures: dict[str, float]
    ways: dict[str, str]
    learned_from: dict[str, int]


@event("gaming.model_promoted")
class GamingModelPromoted(msgspec.Struct, frozen=True, kw_only=True):
    """These detectors judge from then on, in place of those ``before`` (empty: there were none)."""

    model: str
    before: str
    why: str
    actor: str
