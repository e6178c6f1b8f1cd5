"""Cut sorted touches and conversions into journeys, for many people at once.

Everything is vectorised over people: a person is a small integer, times are integer microseconds,
and each conversion's touches are found by two binary searches. The outcome depends only on the set
of touches and conversions, never on the order in which they arrive here.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from attribution.journeys.rules import ClicksWin

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MICROSECONDS_PER_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A window by ids: ``None`` stands for any channel or any kind of conversion."""

    channel: int | None
    kind: int | None
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """How journeys are cut.

    ``lookback_days``: how long before a conversion a touch still counts where no window of
    ``reaches`` says otherwise, and the silence that ends a null journey; a later window of
    ``reaches`` overrules an earlier one. ``view_days`` limits impressions further, ``clicks_win``
    says which give way to clicks. ``direct_minutes``: a direct touch this soon after another touch
    of the person is not counted. ``max_touches``: a journey keeps its latest ones (one runaway
    client must not make every later event dear).
    """

    lookback_days: int = 30
    direct_minutes: int = 30
    max_touches: int = 1_000
    reaches: tuple[Reach, ...] = ()
    view_days: int | None = None
    clicks_win: ClicksWin = ClicksWin.NEVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Touches:
    """Touches as columns of equal length; ``order`` is the rank in the log, which breaks ties.

    ``view`` marks impressions.
    """

    person: Ints
    at: Ints
    order: Ints
    direct: Flags
    channel: Ints
    view: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversions:
    """Conversions as columns of equal length; ``kind`` is the conversion type as an integer."""

    person: Ints
    at: Ints
    order: Ints
    kind: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Journeys:
    """Journeys in compressed rows: journey ``j`` holds ``touch[offsets[j]:offsets[j + 1]]``.

    ``touch`` are row numbers of the given touches, in the order they happened. ``conversion[j]`` is
    the row number of the given conversions, or -1 for a null journey. A conversion without touches
    is an empty journey. Converting journeys come first, by (person, kind, time, order);
    ``first[j]`` where the conversion is the first of its person and kind.
    """

    conversion: Ints
    offsets: Ints
    touch: Ints
    first: Flags

    def __len__(self) -> int:
        return len(self.conversion)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """Which touch belongs to which conversion: ``place`` in the counted ones, ``journey``."""

    place: Ints
    journey: Ints

    def only(self, kept: Flags) -> "_Taken":
        return _Taken(place=self.place[kept], journey=self.journey[kept])


def build(touches: Touches, conversions: Conversions, config: Config) -> Journeys:
    """Cut ``touches`` and ``conversions`` into journeys; see ``Journeys`` and ``Config``.

    A conversion takes the touches in (previous conversion of its person and kind, its own time]
    that are within their windows; impressions that give way to clicks are taken and not kept. A
    touch may count for conversions of several kinds. What no conversion took becomes null journeys,
    split at silences longer than the look-back.
    """
    counted = _counted(touches, config)
    ordered = np.lexsort((conversions.order, conversions.at, conversions.kind, conversions.person))
    low, high = _windows(touches, counted, conversions, ordered, config)
    taken = _Taken(place=_ranges(low, high), journey=np.repeat(np.arange(len(ordered)), high - low))
    taken = _in_reach(taken, touches, counted, conversions, ordered, config)
    free = np.ones(len(counted), dtype=np.bool_)
    free[taken.place] = False
    kept = _without_beaten(taken, touches, counted, config)
    alone = counted[free]
    null_starts = _null_starts(touches, alone, config)
    lengths = np.concatenate(
        [
            np.bincount(kept.journey, minlength=len(ordered)),
            np.diff(np.append(null_starts, len(alone))),
        ]
    )
    return _newest(
        Journeys(
            conversion=np.concatenate([ordered, np.full(len(null_starts), -1, dtype=np.int64)]),
            offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            touch=np.concatenate([counted[kept.place], alone]),
            first=np.concatenate(
                [~_follows(conversions, ordered), np.zeros(len(null_starts), dtype=np.bool_)]
            ),
        ),
        config.max_touches,
    )


def _counted(touches: Touches, config: Config) -> Ints:
    """Row numbers of the touches that count, by (person, time, order)."""
    rows = np.lexsort((touches.order, touches.at, touches.person))
    if not len(rows):
        return rows.astype(np.int64)
    person, at = touches.person[rows], touches.at[rows]
    soon = np.zeros(len(rows), dtype=np.bool_)
    soon[1:] = (person[1:] == person[:-1]) & (
        at[1:] - at[:-1] <= config.direct_minutes * 60_000_000
    )
    return rows[~(soon & touches.direct[rows])].astype(np.int64)


def _windows(
    touches: Touches, counted: Ints, conversions: Conversions, ordered: Ints, config: Config
) -> tuple[Ints, Ints]:
    """For each conversion in ``ordered``, the range of ``counted`` that may be within reach."""
    person, at = conversions.person[ordered], conversions.at[ordered]
    longest = max([config.lookback_days, *(each.days for each in config.reaches)])
    oldest = at - longest * MICROSECONDS_PER_DAY
    previous = _follows(conversions, ordered)
    touch_at = touches.at[counted]
    # Times become ranks, so that (person, time) fits one integer whatever the span of time.
    moments, ranks = np.unique(np.concatenate([touch_at, at, oldest]), return_inverse=True)
    scale = len(moments) + 1
    first, second = len(touch_at), len(touch_at) + len(at)
    key = touches.person[counted] * scale + ranks[:first]
    end = person * scale + ranks[first:second]
    high = np.searchsorted(key, end, side="right")
    low = np.searchsorted(key, person * scale + ranks[second:], side="left")
    after_previous = np.zeros(len(ordered), dtype=np.int64)
    after_previous[1:] = np.where(previous[1:], high[:-1], 0)
    low = np.minimum(np.maximum(low, after_previous), high)
    return low.astype(np.int64), high.astype(np.int64)


def _in_reach(
    taken: _Taken,
    touches: Touches,
    counted: Ints,
    conversions: Conversions,
    ordered: Ints,
    config: Config,
) -> _Taken:
    """Without the touches that are older than their own window."""
    if not config.reaches and config.view_days is None:
        return taken
    touch, conversion = counted[taken.place], ordered[taken.journey]
    channel, kind = touches.channel[touch], conversions.kind[conversion]
    days = np.full(len(touch), config.lookback_days, dtype=np.int64)
    for each in config.reaches:
        fits = np.ones(len(touch), dtype=np.bool_)
        if each.channel is not None:
            fits &= channel == each.channel
        if each.kind is not None:
            fits &= kind == each.kind
        days[fits] = each.days
    if config.view_days is not None:
        view = touches.view[touch]
        days[view] = np.minimum(days[view], config.view_days)
    age = conversions.at[conversion] - touches.at[touch]
    return taken.only(age <= days * MICROSECONDS_PER_DAY)


def _without_beaten(taken: _Taken, touches: Touches, counted: Ints, config: Config) -> _Taken:
    """Without the impressions that give way to a click or visit of their journey."""
    if config.clicks_win is ClicksWin.NEVER or not len(taken.place):
        return taken
    touch = counted[taken.place]
    view = touches.view[touch]
    group, wins = taken.journey, ~view & ~touches.direct[touch]
    if config.clicks_win is ClicksWin.CHANNEL:
        channels, code = np.unique(touches.channel[touch], return_inverse=True)
        group, wins = group * len(channels) + code, ~view
    return taken.only(~(view & np.isin(group, group[wins])))


def _null_starts(touches: Touches, free: Ints, config: Config) -> Ints:
    """Where in ``free`` a null journey starts: another person, or a long silence."""
    if not len(free):
        return np.zeros(0, dtype=np.int64)
    person, at = touches.person[free], touches.at[free]
    starts = np.ones(len(free), dtype=np.bool_)
    starts[1:] = (person[1:] != person[:-1]) | (
        at[1:] - at[:-1] > config.lookback_days * MICROSECONDS_PER_DAY
    )
    return np.flatnonzero(starts).astype(np.int64)


def _follows(conversions: Conversions, ordered: Ints) -> Flags:
    """For each conversion in ``ordered``, whether the one before is of the same person and kind."""
    person, kind = conversions.person[ordered], conversions.kind[ordered]
    follows = np.zeros(len(ordered), dtype=np.bool_)
    follows[1:] = (person[1:] == person[:-1]) & (kind[1:] == kind[:-1])
    return follows


def _ranges(low: Ints, high: Ints) -> Ints:
    """The concatenation of ``range(low[i], high[i])`` over all i."""
    lengths = high - low
    total = int(lengths.sum())
    starts = np.repeat(low - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    return (starts + np.arange(total)).astype(np.int64)


def _newest(journeys: Journeys, limit: int) -> Journeys:
    """Keep the latest ``limit`` touches of each journey."""
    low, high = journeys.offsets[:-1], journeys.offsets[1:]
    if not len(low) or int((high - low).max()) <= limit:
        return journeys
    low = np.maximum(low, high - limit)
    offsets = np.concatenate([[0], np.cumsum(high - low)]).astype(np.int64)
    touch = journeys.touch[_ranges(low, high)]
    return replace(journeys, offsets=offsets, touch=touch)
