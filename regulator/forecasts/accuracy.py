"""What earlier forecasts said against what came. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An earlier forecast beside the months that have come since, in smallest units.

    ``error`` is wMAPE as a share; ``inside`` is how many of ``months`` lay in their interval.
    """

    origin: date
    method: str
    months: int
    said: int
    came: int
    error: float | None
    inside: int


def held(
    origin: date,
    method: str,
    said: Sequence[tuple[int, int, int, int]],
    came: Mapping[int, float],
) -> Held | None:
    """``said`` are (month, point, low, high); ``None`` while none of its months has come."""
    pairs = [(each, came[each[0]]) for each in said if each[0] in came]
    if not pairs:
        return None
    missed = sum(abs(value - each[1]) for each, value in pairs)
    size = sum(abs(value) for _, value in pairs)
    return Held(
        origin=origin,
        method=method,
        months=len(pairs),
        said=sum(each[1] for each, _ in pairs),
        came=round(sum(value for _, value in pairs)),
        error=missed / size if size else None,
        inside=sum(each[2] <= value <= each[3] for each, value in pairs),
    )
