"""What is answered about budgets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from attribution.contracts import Model
from attribution.response.curve import Curve, Untold
from attribution.response.plan import Outcome
from eventlog.contracts import Cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Response curves by channel id, and what a plan over them is expected to bring per day.

    ``model`` gave the credit; ``untold`` are the channels with cost whose days tell no curve, which
    a plan leaves as they are. Money is in ``currency``.
    """

    model: Model
    start: date
    end: date
    curves: Mapping[int, Curve]
    untold: Mapping[int, Untold]
    outcome: Outcome
    currency: str
    log: Cursor
