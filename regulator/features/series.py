"""Operators' hours as arrays: what features and learned detectors are functions of. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from kernel.errors import InvalidInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
FIGURES = ("stakes", "payouts", "events")
"""The figures of ``Series.values``, in their order."""
DAY, WEEK = 24, 168


class SeriesUnusable(InvalidInput):
    """Arrays that do not belong together, or that do not begin with an hour."""

    code = "invalid_series"
    title = "The figures can't be used"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """``values`` [hours, operators, figures] from ``start`` (UTC, a full hour); NaN where unknown.

    Amounts are in the currency's smallest unit. ``refunds`` [hours, operators], and by game type
    stakes and payouts [hours, operators, 2], where they are known.
    """

    start: datetime
    operators: tuple[str, ...]
    values: Floats
    refunds: Floats | None = None
    games: Mapping[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises ``SeriesUnusable``."""
        shape = (len(self.values), len(self.operators))
        others = [self.refunds] if self.refunds is not None else []
        others += list(self.games.values())
        if self.values.shape != (*shape, len(FIGURES)) or any(
            each.shape[:2] != shape for each in others
        ):
            raise SeriesUnusable("Every array has a row an hour and a column an operator.")
        begins = self.start.replace(minute=0, second=0, microsecond=0)
        if self.start.utcoffset() != timedelta(0) or self.start != begins:
            raise SeriesUnusable("Hours begin at full hours (UTC).")

    def __len__(self) -> int:
        """How many hours."""
        return len(self.values)

    def figure(self, name: str) -> Floats:
        """One figure, [hours, operators]."""
        found: Floats = self.values[:, :, FIGURES.index(name)]
        return found

    def held(self) -> Floats:
        """What was staked and not refunded, [hours, operators]."""
        stakes = self.figure("stakes")
        return stakes if self.refunds is None else stakes - self.refunds

    def clock(self) -> Ints:
        """The hour of the week of each row: 0 is Monday's first (UTC)."""
        first = self.start.weekday() * DAY + self.start.hour
        found: Ints = (first + np.arange(len(self), dtype=np.int64)) % WEEK
        return found

    def months(self) -> Ints:
        """The month of each row, January is 0."""
        hours = np.datetime64(self.start.replace(tzinfo=None), "h") + np.arange(len(self))
        found: Ints = hours.astype("datetime64[M]").astype(np.int64) % 12
        return found

    def at(self, hour: int) -> datetime:
        """When an hour begins."""
        return self.start + timedelta(hours=hour)

    def part(self, first: int, last: int) -> "Series":
        """The hours from ``first`` until before ``last``."""
        rows = slice(first, last)
        return replace(
            self, start=self.at(first), values=self.values[rows],
            refunds=None if self.refunds is None else self.refunds[rows],
            games={name: each[rows] for name, each in self.games.items()},
        )  # fmt: skip
