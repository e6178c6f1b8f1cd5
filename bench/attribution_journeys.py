"""Made-up journeys in arrays, and the rows the additive stores hold of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import psycopg
from numpy.typing import NDArray

from attribution.store.stored_paths import digest, pack
from attribution.store.weights import Rows, apportion, weigh
from attribution.store.words import ADDITIVE, DEVICES, END, FIRST_SEGMENT, START, UNIT

Ints = NDArray[np.int64]

CHANNELS = (
    "Direct", "Paid Search", "Organic Search", "Paid Social", "Email",
    "Affiliates", "Display", "Referral", "Organic Social", "Video",
)  # fmt: skip
KIND = len(CHANNELS) + 1
"""The id of the one conversion type; channels are 1, 2, ... in their order."""

_BASE = len(CHANNELS) + 1
_LONGEST = 12
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Journeys ordered by (segment, day), and their touches in one row each."""

    first: date
    days: int
    segments: tuple[int, ...]
    segment: Ints
    day: Ints
    converted: NDArray[np.bool_]
    value: Ints
    offsets: Ints
    tokens: NDArray[np.int8]
    ages: Ints

    def between(self, segment: int, low: int, high: int) -> slice:
        """The journeys of a segment (its place in ``segments``) on days ``low``..``high``."""
        group = self.segment * self.days + self.day
        ends = np.searchsorted(group, [segment * self.days + low, segment * self.days + high + 1])
        return slice(int(ends[0]), int(ends[1]))

    def part(self, chosen: slice) -> "Made":
        """Some of the journeys that stand beside each other."""
        touches = slice(self.offsets[chosen.start], self.offsets[chosen.stop])
        return Made(
            first=self.first, days=self.days, segments=self.segments,
            segment=self.segment[chosen], day=self.day[chosen],
            converted=self.converted[chosen], value=self.value[chosen],
            offsets=self.offsets[chosen.start : chosen.stop + 1] - self.offsets[chosen.start],
            tokens=self.tokens[touches], ages=self.ages[touches],
        )  # fmt: skip


def make(*, journeys: int, segments: int, days: int, first: date, seed: int) -> Made:
    """Journeys of 1 to 12 touches (3 on average), an eighth of them converting."""
    rng = np.random.default_rng(seed)
    group = np.sort(rng.integers(0, segments * days, journeys))
    lengths = np.minimum(rng.geometric(1 / 3, journeys), _LONGEST)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    likely = 1 / np.arange(1.0, _BASE)
    converted = rng.random(journeys) < 0.125
    cents = np.maximum(rng.lognormal(4, 1, journeys) * 100, 1).astype(np.int64)
    return Made(
        first=first, days=days,
        segments=tuple(range(len(DEVICES)))[:segments]
        if segments <= len(DEVICES)
        else tuple(range(FIRST_SEGMENT, FIRST_SEGMENT + segments)),
        segment=group // days, day=group % days, converted=converted,
        value=np.where(converted, cents * 10_000, 0), offsets=offsets,
        tokens=rng.choice(
            np.arange(1, _BASE, dtype=np.int8), offsets[-1], p=likely / likely.sum()
        ),
        ages=rng.integers(0, 30 * _DAY, offsets[-1]),
    )  # fmt: skip


def rows_of(made: Made) -> Rows:
    """The touches of the converting journeys, as the weights are computed from."""
    lengths = np.diff(made.offsets)
    kept = np.repeat(made.converted, lengths)
    lengths = lengths[made.converted]
    journey = np.repeat(np.arange(len(lengths)), lengths)
    key = made.tokens[kept].astype(np.int64)
    return Rows(
        journey=journey,
        rank=np.arange(len(journey)) - (np.cumsum(lengths) - lengths)[journey],
        length=lengths[journey],
        age=made.ages[kept],
        direct=key == 1,
        key=key,
    )


def credit(made: Made, rows: Rows, number: int) -> tuple[Ints, Ints]:
    """Each touch's credit and value units under an additive model, by ``rows_of``'s rows."""
    weights = weigh(ADDITIVE[number], rows)
    value = made.value[made.converted][rows.journey]
    units = np.full(len(rows.journey), UNIT, dtype=np.int64)
    return apportion(units, weights, rows), apportion(value, weights, rows)


def steps(made: Made) -> tuple[Ints, Ints, Ints]:
    """(journey, before, after) of every step, the one from the start and to the end included."""
    lengths = np.diff(made.offsets)
    ends = np.cumsum(lengths + 1)
    size = int(ends[-1]) if len(ends) else 0
    journey = np.repeat(np.arange(len(lengths)), lengths + 1)
    before = np.full(size, START, dtype=np.int64)
    after = np.full(size, END, dtype=np.int64)
    inner = np.ones(size, dtype=bool)
    inner[ends - lengths - 1] = False
    before[inner] = made.tokens
    inner[:] = True
    inner[ends - 1] = False
    after[inner] = made.tokens
    return journey, before, after


def store(made: Made, connection: psycopg.Connection[Any]) -> None:
    """Put into the stores what they would hold of the journeys (dimension: channel)."""
    _names(made, connection)
    for name, blocks in _BLOCKS.items():
        table = f"attribution_daily_{name}"
        columns = ", ".join(_COLUMNS[name])
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
        ):
            for block in blocks(made):
                copy.write(block)
        connection.execute(f"ANALYZE {table}")
    connection.commit()


def _names(made: Made, connection: psycopg.Connection[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO attribution_name (id, dimension, label) VALUES (%s, %s, %s)",
            [(n, 0, label) for n, label in enumerate(CHANNELS, 1)] + [(KIND, 3, "purchase")],
        )
        cursor.executemany(
            "INSERT INTO attribution_segment (id, label) VALUES (%s, %s)",
            [(each, label(each)) for each in made.segments if each >= FIRST_SEGMENT],
        )


def label(segment: int) -> str:
    """The name of a segment by its id."""
    return DEVICES[segment] if segment < FIRST_SEGMENT else f"profile {segment}"


def _groups(made: Made) -> Ints:
    """(segment, day, converted or not) in one number per journey."""
    return (made.segment * made.days + made.day) * 2 + made.converted


def _group(made: Made, group: Ints) -> tuple[list[str], list[int], list[int]]:
    """Day, conversion type and segment of group numbers."""
    days = [(made.first + timedelta(days=each)).isoformat() for each in range(made.days)]
    return (
        [days[each] for each in (group // 2 % made.days).tolist()],
        (group % 2 * KIND).tolist(),
        np.array(made.segments)[group // 2 // made.days].tolist(),
    )


def _sums(place: Ints, size: int, *columns: Ints) -> tuple[Ints, list[Ints]]:
    """Places that occur and the sums there; doubles hold all of these integers exactly."""
    found = np.flatnonzero(np.bincount(place, minlength=size))
    return found, [
        np.bincount(place, weights=column, minlength=size)[found].astype(np.int64)
        for column in columns
    ]


def _lines(*columns: Any) -> Iterator[str]:
    listed = [each.tolist() if isinstance(each, np.ndarray) else each for each in columns]
    for low in range(0, len(listed[0]), 50_000):
        some = zip(*(each[low : low + 50_000] for each in listed), strict=True)
        yield "".join("\t".join(map(str, row)) + "\n" for row in some)


def _totals(made: Made) -> Iterator[str]:
    size = len(made.segments) * made.days * 2
    touches = np.diff(made.offsets)
    found, sums = _sums(_groups(made), size, np.ones_like(touches), touches, made.value)
    none = np.zeros_like(found)
    yield from _lines(*_group(made, found), *sums, none, none)


def _credits(made: Made) -> Iterator[str]:
    rows = rows_of(made)
    place = _groups(made)[made.converted][rows.journey] * _BASE + rows.key
    size = len(made.segments) * made.days * 2 * _BASE
    for number in range(len(ADDITIVE)):
        found, sums = _sums(place, size, *credit(made, rows, number))
        zeros, model = np.zeros_like(found), np.full_like(found, number)
        yield from _lines(zeros, model, *_group(made, found // _BASE), found % _BASE, *sums)


def _transitions(made: Made) -> Iterator[str]:
    journey, before, after = steps(made)
    place = (_groups(made)[journey] * _BASE + before) * _BASE + np.maximum(after, 0)
    size = len(made.segments) * made.days * 2 * _BASE**2
    found, sums = _sums(place, size, np.ones_like(place), made.value[journey])
    ends = np.where(found % _BASE, found % _BASE, END)
    group = _group(made, found // _BASE**2)
    yield from _lines(np.zeros_like(found), *group, found // _BASE % _BASE, ends, *sums)


def _touches(made: Made) -> Iterator[str]:
    """Touches by day; here a touch happens on the day its journey ends."""
    journey = np.repeat(np.arange(len(made.day)), np.diff(made.offsets))
    place = (_groups(made) // 2)[journey] * _BASE + made.tokens
    found, sums = _sums(place, len(made.segments) * made.days * _BASE, np.ones_like(place))
    days, _, segments = _group(made, found // _BASE * 2)
    none = np.zeros_like(found)
    yield from _lines(none, days, segments, found % _BASE, *sums, none, none)


def _paths(made: Made) -> Iterator[str]:
    lengths = np.diff(made.offsets)
    journey = np.repeat(np.arange(len(lengths)), lengths)
    rank = np.arange(len(journey)) - made.offsets[:-1][journey]
    code = np.zeros(len(lengths), dtype=np.int64)
    for place in range(_LONGEST):
        at = rank == place
        code[journey[at]] += made.tokens[at].astype(np.int64) * _BASE**place
    found, at = np.unique(_groups(made) * _BASE**_LONGEST + code, return_inverse=True)
    count, value = np.bincount(at), np.bincount(at, weights=made.value).astype(np.int64)
    squares = _squares(at, made.value)
    distinct, which = np.unique(found % _BASE**_LONGEST, return_inverse=True)
    walked = [_keys(each) for each in distinct.tolist()]
    texts = [rf"\\x{pack(keys).hex()}" for keys in walked]
    digests = [str(UUID(bytes=digest(keys))) for keys in walked]
    for low in range(0, len(found), 500_000):
        part = slice(low, low + 500_000)
        some = which[part].tolist()
        group = _group(made, found[part] // _BASE**_LONGEST)
        yield from _lines(
            np.zeros_like(found[part]), *group, [digests[n] for n in some],
            [texts[n] for n in some], count[part], value[part], squares[part],
        )  # fmt: skip


def _squares(at: Ints, value: Ints) -> list[int]:
    """Exact sums of squares: cents fit doubles when squared and summed, millionths don't."""
    cents = value // 10_000
    return [each * 10**8 for each in np.bincount(at, weights=cents**2).astype(np.int64).tolist()]


def _keys(code: int) -> list[int]:
    keys = []
    while code:
        code, key = divmod(code, _BASE)
        keys.append(key)
    return keys


_BLOCKS: dict[str, Callable[[Made], Iterator[str]]] = {
    "total": _totals,
    "credit": _credits,
    "transition": _transitions,
    "touch": _touches,
    "path": _paths,
}
_GROUP = ("day", "conversion_type", "segment")
_COLUMNS = {
    "total": (*_GROUP, "journeys", "touches", "value", "unattributed", "unattributed_value"),
    "credit": ("dimension", "model", *_GROUP, "key", "credit", "value"),
    "transition": ("dimension", *_GROUP, "before", "after", "journeys", "value"),
    "touch": ("dimension", "day", "segment", "key", "touches", "clicks", "impressions"),
    "path": ("dimension", *_GROUP, "digest", "path", "journeys", "value", "value_squares"),
}
