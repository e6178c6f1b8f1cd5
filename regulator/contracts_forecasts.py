"""What this app says about forecasts: what was predicted, when, from what, and how sure it was."""

from datetime import date

import msgspec

from eventlog.catalogue import event


class ForecastMonth(msgspec.Struct, frozen=True, kw_only=True):
    """A month that was forecast: its GGR with interval, its stakes and tax where they are known.

    Whole numbers of the currency's smallest unit; ``month`` is its first day.
    """

    month: date
    point: int
    low: int
    high: int
    stakes: int | None = None
    tax: int | None = None


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A sum over the horizon with its interval, in smallest units."""

    point: int
    low: int
    high: int


@event("gaming.forecast_made")
class ForecastMade(msgspec.Struct, frozen=True, kw_only=True):
    """GGR and tax were forecast for an operator, or (``operator`` empty) for the whole market.

    Events of one making share ``run``. ``origin`` is the last day that was known, ``history`` how
    many months were, ``source`` where they come from: ``returns``, ``feed`` or ``both``. ``errors``
    are the methods' mean wMAPE in rolling-origin trials, as shares; ``coverage`` is the share of
    months in those trials that intervals of ``level`` would have held. ``before`` is the GGR of the
    same number of months before. ``actor`` asked for it, or is empty.
    """

    run: str
    operator: str
    currency: str
    origin: date
    history: int
    source: str
    level: float
    method: str
    errors: dict[str, float]
    coverage: float | None
    before: int | None
    months: tuple[ForecastMonth, ...]
    total: Span
    tax: Span | None = None
    country: str = ""
    actor: str = ""
