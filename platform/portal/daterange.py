"""The range of days a page shows, as its query string says it. Days are UTC, both ends included."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from kernel import days
from kernel.errors import InvalidInput

PRESETS = {"7d": 7, "30d": 30, "90d": 90}
RANGES = (*((preset, f"{days} days") for preset, days in PRESETS.items()), ("custom", "Dates"))
DEFAULT = "30d"
_LONGEST = 3_660


class BadRange(InvalidInput):
    """The dates of a custom range can't be read, are reversed, or are over ten years apart."""

    code = "invalid_range"
    title = "Invalid date range"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRange:
    """Days ``start``..``end`` and the preset they came from ("custom" for dates)."""

    start: date
    end: date
    preset: str

    @property
    def days(self) -> int:
        """How many days the range has, at least one."""
        return (self.end - self.start).days + 1

    @property
    def query(self) -> str:
        """The query string that gives this range again."""
        if self.preset in PRESETS:
            return urlencode({"range": self.preset})
        dates = {"start": self.start.isoformat(), "end": self.end.isoformat()}
        return urlencode({"range": "custom", **dates})


def parse(query: Mapping[str, str], today: date, *, default: str = DEFAULT) -> DateRange:
    """``?range=7d|30d|90d`` or ``?range=custom&start=…&end=…``; the default without either.

    Raises ``BadRange``. A preset ends today, so that what arrives now is seen.
    """
    preset = query.get("range", "")
    if preset == "custom" or (not preset and query.get("start")):
        return _custom(query.get("start", ""), query.get("end", ""), today)
    if preset not in PRESETS:
        preset = default
    return DateRange(start=today - timedelta(days=PRESETS[preset] - 1), end=today, preset=preset)


def asked(query: Mapping[str, str]) -> bool:
    """Whether somebody chose a range, well or not."""
    return bool(query.get("range") or query.get("start"))


def newest(last: date | None, today: date, *, preset: str = DEFAULT) -> DateRange:
    """The range nobody chose: up to today, or up to ``last`` where the newest there is is older.

    An import of last year's data is thus seen at once instead of an empty month.
    """
    length = timedelta(days=PRESETS[preset] - 1)
    if last is not None and last < today - length:
        return DateRange(start=last - length, end=last, preset="custom")
    return DateRange(start=today - length, end=today, preset=preset)


def _custom(start: str, end: str, today: date) -> DateRange:
    try:
        first = days.parse(start)
        last = days.parse(end) if end else today
    except ValueError:
        raise BadRange("Give both dates as year-month-day, like 2026-01-31.") from None
    if not 0 <= (last - first).days < _LONGEST:
        raise BadRange("The range must not end before it starts, nor be longer than ten years.")
    return DateRange(start=first, end=last, preset="custom")
