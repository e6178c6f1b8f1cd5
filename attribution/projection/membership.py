"""To which behavioural profile persons belong, as journeys and touches are counted under it.

Whatever the projection writes about a person is under the profile of the moment; when a person's
profile changes, the worker moves what was written before (``profiles.moving``), and when persons
turn out to be one, the touches of those merged away are moved here. So at any moment everything of
a person stands under one profile, and the stores are as if it had always been so.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import connection

from attribution.projection import tables
from attribution.store.words import DEVICES, DIMENSIONS, FIRST_PROFILE, segment_of

_PROFILES = "SELECT person, profile FROM attribution_profile_member WHERE person = ANY(%s)"
_TOUCHES = """
SELECT person, (occurred_at AT TIME ZONE 'UTC')::date, segment, channel, campaign, source,
       count(*), count(*) FILTER (WHERE kind = 1), count(*) FILTER (WHERE kind = 2)
FROM attribution_touchpoint WHERE person = ANY(%s) AND NOT rejected
GROUP BY 1, 2, 3, 4, 5, 6
"""
_ROWS = """
SELECT position::text, (occurred_at AT TIME ZONE 'UTC')::date, segment, channel, campaign, source,
       1, (kind = 1)::int, (kind = 2)::int
FROM attribution_touchpoint WHERE position = ANY(%s) AND NOT rejected
"""
_NAMES = "SELECT number, name FROM attribution_profile ORDER BY number"
_SEGMENT_COLUMNS = (("id", "smallint"), ("label", "text"))

TouchKey = tuple[int, date, int, int]


def profiles_of(people: Iterable[str]) -> dict[str, int]:
    """Person -> profile, of those who have one."""
    with connection.cursor() as cursor:
        cursor.execute(_PROFILES, [sorted(people)])
        return dict(cursor.fetchall())


def merge(moved: Mapping[str, str]) -> None:
    """Persons turn out to be others (old -> new): their touches come under the new one's profile.

    To be called while the touches still carry the old persons. The new person keeps its profile,
    or its lack of one, until the worker looks at it again. The old person's is kept too: rules may
    part the two again, and a rebuild, which meets them in another order, must find the same.
    """
    profiles = profiles_of({*moved, *moved.values()})
    if not profiles:
        return
    move_touches({old: (profiles.get(old, 0), profiles.get(new, 0)) for old, new in moved.items()})


def forget(people: Sequence[str]) -> None:
    """Nothing of ``people`` is counted any more: nor is it known which profile they were of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM attribution_profile_member WHERE person = ANY(%s)", [list(people)]
        )


def move_touches(changes: Mapping[str, tuple[int, int]]) -> None:
    """Count the touches of persons under another profile: person -> (before, after)."""
    real = {person: pair for person, pair in changes.items() if pair[0] != pair[1]}
    if not real:
        return
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHES, [sorted(real)])
        tables.add(tables.TOUCH, _touch_sums(cursor.fetchall(), real))


def rekey(moved: Mapping[int, tuple[str, str]]) -> None:
    """Single touches turn out to be others' (position -> persons before and after)."""
    profiles = profiles_of({person for pair in moved.values() for person in pair})
    changes = {
        str(position): (profiles.get(before, 0), profiles.get(after, 0))
        for position, (before, after) in moved.items()
    }
    real = {position: pair for position, pair in changes.items() if pair[0] != pair[1]}
    if not real:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [[int(position) for position in real]])
        tables.add(tables.TOUCH, _touch_sums(cursor.fetchall(), real))


def _touch_sums(
    rows: Sequence[tuple[str, date, int, int, int, int, int, int, int]],
    changes: Mapping[str, tuple[int, int]],
) -> dict[TouchKey, tuple[int, ...]]:
    """What the touch store has to add. Pure."""
    sums: dict[TouchKey, list[int]] = {}
    for person, day, device, channel, campaign, source, *counts in rows:
        for profile, sign in zip(changes[person], (-1, 1), strict=True):
            segment = segment_of(device, profile)
            for dimension, key in zip(
                range(len(DIMENSIONS)), (channel, campaign, source), strict=True
            ):
                entry = sums.setdefault((dimension, day, segment, key), [0, 0, 0])
                for place, count in enumerate(counts):
                    entry[place] += sign * count
    return {key: tuple(entry) for key, entry in sums.items() if any(entry)}


def names() -> dict[int, str]:
    """Number -> name of every profile there ever was."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES)
        return dict(cursor.fetchall())


def write_segments() -> None:
    """Give the segments of all profiles their labels: new ones, renamed ones, after a reset."""
    rows = [
        (segment_of(device, number), f"{name}, {word}")
        for number, name in names().items()
        for device, word in enumerate(DEVICES)
    ]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM attribution_segment WHERE id >= %s", [FIRST_PROFILE])
    tables.insert("attribution_segment", _SEGMENT_COLUMNS, rows)
