"""An operator against the others of its market, all games together and each game type."""

from collections.abc import Iterator

import numpy as np

from regulator.contracts import GameType
from regulator.features import rolling
from regulator.features.catalogue import INDUSTRY, column
from regulator.features.series import Floats, Series

_LATELY, _BEFORE = 24, 168


def columns(series: Series) -> Iterator[tuple[str, Floats]]:
    """The columns [hours, operators] by name, in the order of their declaration."""
    stakes, payouts = series.figure("stakes"), series.figure("payouts")
    nothing = np.full((*stakes.shape, 2), np.nan)
    yield from _against("all", stakes, payouts)
    for game in GameType:
        values = series.games.get(game, nothing)
        yield from _against(game, values[:, :, 0], values[:, :, 1])


def _against(name: str, stakes: Floats, payouts: Floats) -> Iterator[tuple[str, Floats]]:
    with np.errstate(divide="ignore", invalid="ignore"):
        own = _swing(stakes)
        yield f"{name}_stakes_to_market", np.log(own / _swing(rolling.others(stakes)))
        week, paid = rolling.total(stakes, _BEFORE), rolling.total(payouts, _BEFORE)
        theirs = rolling.others(paid) / rolling.others(week)
        yield f"{name}_payout_to_market", paid / week - theirs


def _swing(values: Floats) -> Floats:
    """The day's sum by the mean day of the week that ended a day before."""
    day, week = rolling.total(values, _LATELY), rolling.total(values, _BEFORE)
    found: Floats = day / (rolling.ago(week, _LATELY) / 7.0)
    return found


def _declare() -> None:
    for name in ("all", *GameType):
        words = "all games" if name == "all" else f"{name} games"
        swing, paid = f"{name}_stakes_to_market", f"{name}_payout_to_market"
        doc = f"How stakes of {words} have moved, against the other operators' together."
        column(INDUSTRY, swing, "log ratio", "24 h against the 7 d before", doc)
        doc = f"Payouts by stakes of {words}, less the other operators' together."
        column(INDUSTRY, paid, "ratio", "7 d", doc)


_declare()
