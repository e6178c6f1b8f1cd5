"""What share of stakes went back and stayed, against the operator's own past."""

from collections.abc import Iterator

import numpy as np

from regulator.features import rolling
from regulator.features.catalogue import RATIO, column
from regulator.features.series import Floats, Series

WINDOWS = {1: "1 h", 24: "24 h", 168: "7 d"}
PAST, LEAST, TREND = 28, 7, 7
"""Days that a z-score looks back on, at least, and days of a trend."""


def columns(series: Series) -> Iterator[tuple[str, Floats]]:
    """The columns [hours, operators] by name, in the order of their declaration."""
    stakes, payouts, held = series.figure("stakes"), series.figure("payouts"), series.held()
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = {h: _sum(payouts, h) / _sum(held, h) for h in WINDOWS}
        margins = {h: 1.0 - ratios[h] for h in WINDOWS}
        for hours in WINDOWS:
            yield f"payout_ratio_{hours}h", ratios[hours]
        for hours in WINDOWS:
            yield f"margin_{hours}h", margins[hours]
        yield "payout_ratio_z", z_score(ratios[24])
        yield "margin_z", z_score(margins[24])
        yield "payout_ratio_trend", trend(ratios[24])
        yield "margin_trend", trend(margins[24])
        yield "stakes_growth", np.log(_growth(stakes))
        yield "events_growth", np.log(_growth(series.figure("events")))
        yield "mean_stake_24h", _sum(stakes, 24) / _sum(series.figure("events"), 24)


def z_score(values: Floats) -> Floats:
    """How far from its mean at this hour of the 28 days before, in their deviations (n - 1).

    NaN with fewer than seven such days, or where they do not differ.
    """
    past = rolling.days_before(values, PAST)
    known = np.isfinite(past)
    count = known.sum(axis=0).astype(np.float64)
    mean = np.where(known, past, 0.0).sum(axis=0) / np.maximum(count, 1.0)
    squares = np.where(known, past - mean, 0.0) ** 2
    spread = np.sqrt(squares.sum(axis=0) / np.maximum(count - 1.0, 1.0))
    told = (count >= LEAST) & (spread > 1e-12)
    found: Floats = np.where(told, (values - mean) / np.where(told, spread, 1.0), np.nan)
    return found


def trend(values: Floats) -> Floats:
    """The least-squares slope by day over this hour and the same of the six days before it."""
    seen = np.concatenate([values[None], rolling.days_before(values, TREND - 1)])
    days = -np.arange(TREND, dtype=np.float64)
    weights = (days - days.mean()) / ((days - days.mean()) ** 2).sum()
    found: Floats = np.einsum("d,dho->ho", weights, seen)
    return found


def _sum(values: Floats, hours: int) -> Floats:
    return values if hours == 1 else rolling.total(values, hours)


def _growth(values: Floats) -> Floats:
    week = rolling.total(values, 168)
    return week / rolling.ago(week, 168)


def _declare() -> None:
    names = {"payout_ratio": "payout ratio", "margin": "GGR margin"}
    docs = {
        "payout_ratio": "Payouts of what was staked and not refunded.",
        "margin": "GGR (stakes less payouts less refunds) of what was staked and not refunded.",
    }
    for name, doc in docs.items():
        for hours, window in WINDOWS.items():
            column(RATIO, f"{name}_{hours}h", "ratio", window, doc)
    for name, words in names.items():
        doc = f"How far the day's {words} is from its own mean at this hour."
        column(RATIO, f"{name}_z", "deviations", "24 h against the 28 d before", doc)
    for name, words in names.items():
        column(RATIO, f"{name}_trend", "ratio/day", "7 d", f"Slope of the day's {words}.")
    for figure in ("stakes", "events"):
        doc = f"The logarithm of how much the week's {figure} have grown."
        column(RATIO, f"{figure}_growth", "log ratio", "7 d against the 7 d before", doc)
    column(RATIO, "mean_stake_24h", "smallest units", "24 h", "Stakes by event.")


_declare()
