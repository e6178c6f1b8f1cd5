"""Days as people and programs give them: within bounds that leave room to reckon."""

from datetime import date

FIRST, LAST = date(1970, 1, 1), date(2199, 12, 31)


def parse(text: str) -> date:
    """The day ``text`` says (ISO 8601), from ``FIRST`` to ``LAST``; raises ``ValueError``.

    Beyond them lie the ends of the calendar, where "the thirty days before" is no day any more.
    """
    return within(date.fromisoformat(text))


def within(day: date) -> date:
    """``day`` itself where it is from ``FIRST`` to ``LAST``; raises ``ValueError``."""
    if not FIRST <= day <= LAST:
        raise ValueError(f"{day.isoformat()} is not from {FIRST} to {LAST}")
    return day
