"""What others may read: dataclasses from the read models of the active tenant, never querysets.

Every figure of a date range is a sum over the daily stores (plus one small solve for Markov), so a
page costs the same at one million touches and at five million.
"""

from collections.abc import Sequence
from datetime import date

from attribution.contracts import (
    EVERY,
    AttributionReport,
    By,
    Comparison,
    JourneyItem,
    Model,
    Overview,
    PerformanceRow,
    PersonDetail,
)
from kernel.paging import Page


def attribution(
    *,
    model: Model,
    start: date,
    end: date,
    by: By = By.CHANNEL,
    segment: str = EVERY,
    conversion_type: str = EVERY,
    order: int = 1,
) -> AttributionReport:
    """Credit under ``model`` of the conversions of the days ``start``..``end``, both included.

    ``order`` (1-4) is Markov's; other models ignore it. Raises ``InvalidRange`` when the end is
    before the start, ``InvalidOrder`` outside 1-4.
    """
    raise NotImplementedError


def compare(
    *,
    models: Sequence[Model],
    start: date,
    end: date,
    by: By = By.CHANNEL,
    segment: str = EVERY,
    conversion_type: str = EVERY,
) -> Comparison:
    """The same range under several models, rows in one order."""
    raise NotImplementedError


def overview(*, start: date, end: date) -> Overview:
    """The headline of the period and of the equally long one before it, and a daily series."""
    raise NotImplementedError


def performance(
    *,
    by: By,
    start: date,
    end: date,
    model: Model = Model.LAST_NON_DIRECT,
    segment: str = EVERY,
    conversion_type: str = EVERY,
) -> tuple[PerformanceRow, ...]:
    """The channel or campaign table: touches, clicks, cost, and credit under ``model``.

    Holds every key with touches, spend or credit in the range; sorted by value, then label.
    """
    raise NotImplementedError


def journeys(
    *,
    cursor: str | None = None,
    limit: int = 50,
    converted: bool | None = None,
    channel: str | None = None,
    subject: str | None = None,
    conversion_type: str | None = None,
) -> Page[JourneyItem]:
    """Journeys, newest end first. ``channel``: the path contains it; ``subject``: of this person.

    ``subject`` may be any stitched subject or the person itself, or the beginning of a person's id
    (at least 6 characters). Raises ``InvalidCursor``.
    """
    raise NotImplementedError


def person(*, subject: str) -> PersonDetail:
    """The journeys of the person ``subject`` belongs to, with per-touch credit under each model.

    Raises ``NotFound`` when no touch or conversion of this subject is known.
    """
    raise NotImplementedError


def segments() -> tuple[str, ...]:
    """The segments that occur, in alphabetical order (without ``EVERY``)."""
    raise NotImplementedError


def conversion_types() -> tuple[str, ...]:
    """The conversion types that occur, in alphabetical order (without ``EVERY``)."""
    raise NotImplementedError


def channels() -> tuple[str, ...]:
    """The labels of the channels that occur, in alphabetical order."""
    raise NotImplementedError
