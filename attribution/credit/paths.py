"""Journeys as coded ids: what every model reads."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attribution.credit.errors import CreditError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Tokens = NDArray[np.int16] | NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Paths:
    """Aggregated journeys in compressed rows; row ``i`` is ``tokens[offsets[i]:offsets[i + 1]]``.

    A row stands for ``conversions[i]`` converting journeys worth ``value[i]`` together and for
    ``nulls[i]`` journeys that ended without a conversion. ``tokens`` (int16 or int32) index
    ``channels``. When known: ``ages`` are the days between each touch and the end of its journey,
    ``value_squares`` the sums of the squared values of a row's conversions, ``began`` the day (on
    any calendar) of a row's first touch.
    Raises ``CreditError`` when the pieces don't fit together, a row has no touch, a number is
    negative or not finite, or value comes without a conversion.
    """

    channels: tuple[str, ...]
    tokens: Tokens
    offsets: Ints
    conversions: Floats
    value: Floats
    nulls: Floats
    ages: Floats | None = None
    value_squares: Floats | None = None
    began: Floats | None = None
    dropped_rows: int = 0

    def __post_init__(self) -> None:
        _check_shape(self)
        for name in ("conversions", "value", "nulls"):
            _check_amounts(name, getattr(self, name))
        odd = np.flatnonzero((self.value > 0) & (self.conversions == 0))
        if odd.size:
            raise CreditError(f"Row {odd[0] + 1} has value but no conversion.", row=int(odd[0]) + 1)

    @property
    def lengths(self) -> Ints:
        """Touches per row."""
        return np.diff(self.offsets)

    @property
    def total_conversions(self) -> float:
        """Conversions of all rows."""
        return float(self.conversions.sum())

    @property
    def total_value(self) -> float:
        """Value of all rows."""
        return float(self.value.sum())

    @property
    def journeys(self) -> float:
        """Journeys of all rows, converting or not."""
        return float(self.conversions.sum() + self.nulls.sum())

    def of(self, rows: NDArray[np.bool_] | Ints) -> "Paths":
        """The chosen rows alone: a mask of them (rows,), or their numbers in the order wanted."""
        lengths = self.lengths[rows]
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        # Each touch is as far from where its row begins there as here.
        touches = np.repeat(self.offsets[:-1][rows] - offsets[:-1], lengths)
        touches += np.arange(touches.size)
        return replace(
            self,
            tokens=self.tokens[touches],
            offsets=offsets,
            conversions=self.conversions[rows],
            value=self.value[rows],
            nulls=self.nulls[rows],
            ages=None if self.ages is None else self.ages[touches],
            value_squares=None if self.value_squares is None else self.value_squares[rows],
            began=None if self.began is None else self.began[rows],
        )


def _check_shape(paths: Paths) -> None:
    tokens, offsets = paths.tokens, paths.offsets
    _demand(
        tokens.dtype in (np.int16, np.int32) and tokens.ndim == 1,
        "tokens must be a vector of int16 or int32.",
    )
    _demand(
        offsets.dtype == np.int64 and offsets.ndim == 1 and offsets[:1].tolist() == [0],
        "offsets must be a vector of int64 that begins with 0.",
    )
    _demand(offsets[-1] == tokens.size, "The last offset must be the number of tokens.")
    _demand(bool((np.diff(offsets) >= 1).all()), "Every row needs at least one touch.")
    _demand(len(set(paths.channels)) == len(paths.channels), "Channel names must differ.")
    _demand(
        not tokens.size or (tokens.min() >= 0 and tokens.max() < len(paths.channels)),
        "A token is outside the list of channels.",
    )
    for name in ("conversions", "value", "nulls"):
        column = getattr(paths, name)
        fits = column.dtype == np.float64 and column.shape == (offsets.size - 1,)
        _demand(fits, f"{name} must hold one float64 per row.")
    if paths.value_squares is not None:
        _demand(paths.value_squares.shape == paths.value.shape, "value_squares needs one per row.")
        _check_amounts("value_squares", paths.value_squares)
    if paths.began is not None:
        fits = paths.began.shape == paths.value.shape and bool(np.isfinite(paths.began).all())
        _demand(fits, "began must hold one day per row.")
    if paths.ages is not None:
        _demand(paths.ages.shape == tokens.shape, "ages needs one number per touch.")
        _check_amounts("ages", paths.ages)


def _demand(holds: Any, sentence: str) -> None:
    if not holds:
        raise CreditError(sentence)


def _check_amounts(name: str, column: NDArray[Any]) -> None:
    if not column.size:
        return
    low, high = column.min(), column.max()
    if low >= 0 and np.isfinite(high):
        return
    row = int(np.flatnonzero(~(np.isfinite(column) & (column >= 0)))[0]) + 1
    raise CreditError(f"{name} in row {row} must be a finite number of at least 0.", row=row)
