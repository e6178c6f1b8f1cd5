"""Times from clicks to conversions, as other apps read them. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickTimes:
    """Seconds from the last ad click to the conversion, of the newest conversions of a type.

    ``source`` numbers ``sources``; ``at`` is when each conversion came, in seconds since 1970;
    ``clicks`` are those of each source in the days. ``conversions`` were looked at, with an ad
    click before them or not; not ``complete``: the days have more.
    """

    sources: tuple[str, ...]
    source: tuple[int, ...]
    seconds: tuple[float, ...]
    at: tuple[float, ...]
    clicks: tuple[int, ...]
    conversions: int
    complete: bool
