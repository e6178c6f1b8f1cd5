"""Who played when, in whole: distinct players of every hour and day, of each game and of all. Pure.

A row is a player's day at a game, with a bit for each of its hours. The rows of a player's day tell
all four counts it is part of, so that nobody is counted twice and nothing is kept twice.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

HOUR, DAY = "hour", "day"
ALL = ""
"""All games together."""
_HOURS = [timedelta(hours=hour) for hour in range(24)]


class Cell(NamedTuple):
    """What a total is of."""

    operator: str
    span: str
    start: datetime
    game: str
    currency: str


class Person(NamedTuple):
    """A player's day (UTC) at an operator."""

    operator: str
    day: date
    player: UUID
    currency: str


Hours = Mapping[tuple[Person, str], int]
"""The hours a person played a game, a bit for each."""


def newly(known: Hours, seen: Hours) -> Counter[Cell]:
    """How many people of ``seen`` are new in each cell, beside those ``known`` before.

    ``known`` holds at least all games of every person in ``seen``.
    """
    before = _together(known)
    found: Counter[Cell] = Counter()
    for (person, game), hours in seen.items():
        found.update(_cells(person, game, known.get((person, game), 0), hours))
    for person, hours in _together(seen).items():
        found.update(_cells(person, ALL, before.get(person, 0), hours))
    return found


def _together(hours: Hours) -> dict[Person, int]:
    """The hours people played anything."""
    found: defaultdict[Person, int] = defaultdict(int)
    for (person, _), bits in hours.items():
        found[person] |= bits
    return found


def _cells(person: Person, game: str, known: int, hours: int) -> Iterator[Cell]:
    operator, day, _, currency = person
    midnight = datetime.combine(day, time(), UTC)
    if not known:
        yield Cell(operator, DAY, midnight, game, currency)
    fresh = hours & ~known
    while fresh:
        lowest = fresh & -fresh
        yield Cell(operator, HOUR, midnight + _HOURS[lowest.bit_length() - 1], game, currency)
        fresh ^= lowest
