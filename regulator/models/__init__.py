"""The regulator's tables: projections of its log, and what is kept beside it."""

from regulator.models.cases import CaseFile, CaseHead, CaseStep, Dossier
from regulator.models.feeds import Feed, FeedHead, Gap, Operator, PlayerDay, Receipt, Total
from regulator.models.returns import Forecast, Return
from regulator.models.watched import (
    Anomaly,
    LearnedModel,
    PlayedDay,
    Quiet,
    Sensitivity,
    StakeCell,
    Watch,
)

__all__ = [
    "Anomaly",
    "CaseFile",
    "CaseHead",
    "CaseStep",
    "Dossier",
    "Feed",
    "FeedHead",
    "Forecast",
    "Gap",
    "LearnedModel",
    "Operator",
    "PlayedDay",
    "PlayerDay",
    "Quiet",
    "Receipt",
    "Return",
    "Sensitivity",
    "StakeCell",
    "Total",
    "Watch",
]
