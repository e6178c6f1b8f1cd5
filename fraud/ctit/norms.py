"""What clean installs look like: the field's published norms, each a setting."""

from dataclasses import dataclass

from kernel.errors import InvalidInput

SECOND, HOUR, DAY = 1.0, 3_600.0, 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Times from ``low`` (included) to ``high`` (not) seconds after the click."""

    low: float
    high: float


INJECTED = Window(low=0.0, high=3 * SECOND)
HIJACKED = Window(low=3 * SECOND, high=10 * SECOND)
FLOODED = Window(low=2 * HOUR, high=24 * HOUR)


class NormsUnusable(InvalidInput):
    """Norms that no data could meet."""

    code = "invalid_norms"
    title = "The norms can't be used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Norms:
    """Shares of clean installs, and what is never clean.

    ``within_hour`` and ``within_day``: AppsFlyer's rule of thumb (75 % and 94 %). ``injected`` and
    ``hijacked``: how many installs may fall in 0-3 s and 3-10 s after the click; a download takes
    longer, so few do (slow clocks, apps that were there already). ``flooded``: in 2-24 h, at most
    what the other two leave between an hour and a day. ``spam``: at or below this many installs per
    click a source is "almost certainly" spam (Adjust, 0.05 %). ``false_discoveries``: the share of
    findings that may be due to chance (Benjamini and Hochberg, 1995).
    """

    within_hour: float = 0.75
    within_day: float = 0.94
    injected: float = 0.01
    hijacked: float = 0.03
    spam: float = 0.0005
    false_discoveries: float = 0.01

    def __post_init__(self) -> None:
        """Raises ``NormsUnusable`` for a share that is none, and a day shorter than its hour."""
        for name in self.__dataclass_fields__:
            if not 0.0 < getattr(self, name) < 1.0:
                raise NormsUnusable(f"{name} is a share between 0 and 1.", field=name)
        if self.within_day <= self.within_hour:
            raise NormsUnusable(
                "More install within a day than within an hour.", field="within_day"
            )

    @property
    def flooded(self) -> float:
        """The share of clean installs that may come 2 to 24 hours after the click."""
        return self.within_day - self.within_hour
