"""Tables whose cells are tinted by their value: a pattern is seen before a number is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEVELS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value and its tint, 0 (none) to ``LEVELS``; ``None`` where there is no value."""

    value: float | None
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A label and a cell per column."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """What ``portal/parts/heat.html`` shows."""

    corner: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def heat(
    *, corner: str, columns: Sequence[str], rows: Mapping[str, Sequence[float | None]]
) -> Heat:
    """Tint by share of the largest absolute value of the whole table; zero and missing stay plain.

    The scale begins at zero, not at the smallest value: a faint cell is small, not just smallest.
    """
    largest = max((abs(v) for values in rows.values() for v in values if v is not None), default=0)
    return Heat(
        corner=corner,
        columns=tuple(columns),
        rows=tuple(
            Row(label=label, cells=tuple(_cell(value, largest) for value in values))
            for label, values in rows.items()
        ),
    )


def _cell(value: float | None, largest: float) -> Cell:
    if value is None or not largest:
        return Cell(value=value, level=0)
    return Cell(value=value, level=round(abs(value) / largest * LEVELS))
