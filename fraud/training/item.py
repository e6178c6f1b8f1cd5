"""A model and its promotion as others read them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelItem:
    """A model as others read it; ``figures`` on the latest events, which it had not seen.

    What both hold is in ``fraud.training.facts``; an earlier model may lack some of it.
    """

    digest: str
    family: str
    state: str
    features_version: str
    registered_at: datetime
    promoted_at: datetime | None
    figures: Mapping[str, float]
    learned_from: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """When a model last became the champion, by whom (a pseudonym, or the worker) and why."""

    at: datetime
    actor: str
    why: str
