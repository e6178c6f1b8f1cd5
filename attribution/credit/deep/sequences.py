"""Moments of journeys as the padded arrays a network reads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from attribution.credit.bootstrap.sampler import canonical
from attribution.credit.paths import Floats, Ints, Paths
from attribution.credit.rates import shared
from attribution.credit.rates.intervals import days_back

MOST = 12
"""Touches that are looked at: the latest before the moment."""

_PIECE = 20_000

Lags = NDArray[np.float32]
Score = Callable[[Ints, Lags], Floats]
"""Tokens and lags (moments, touches) to rates (moments,), in conversions per day of a person."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sequences:
    """Touches before moments, latest first: (moments, touches).

    ``tokens`` are 1 + the place of a channel among those the network knows, 0 for none; ``lags``
    are days before the moment; ``at`` is the number of the touch in its paths, -1 for none.
    """

    tokens: Ints
    lags: Lags
    at: Ints

    @property
    def sizes(self) -> Ints:
        """Touches before each moment: (moments,)."""
        sizes: Ints = (self.at >= 0).sum(axis=1)
        return sizes


def ordered(paths: Paths) -> Paths:
    """The same journeys, channels by name and rows by what is in them, equal ones merged.

    Training sees rows in batches: so neither their order nor the numbers of channels matter.
    """
    paths = canonical(paths)
    names = sorted(paths.channels)
    place = {name: number for number, name in enumerate(names)}
    codes = np.array([place[name] for name in paths.channels], dtype=np.int32)
    tokens = codes[paths.tokens] if paths.tokens.size else paths.tokens
    renamed = replace(paths, channels=tuple(names), tokens=tokens.astype(np.int32))
    ages = days_back(paths)
    spans = [slice(*paths.offsets[row : row + 2]) for row in range(paths.lengths.size)]
    began = np.zeros(len(spans)) if paths.began is None else paths.began
    keys = [
        (renamed.tokens[span].tobytes(), ages[span].tobytes(), start)
        for span, start in zip(spans, began.tolist(), strict=True)
    ]
    order = np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)
    return renamed.of(order)


def sequences(paths: Paths, row: Ints, age: Floats, known: Sequence[str]) -> Sequences:
    """What lies before the moments ``age`` days before the end of each ``row``."""
    place = {name: number for number, name in enumerate(known, start=1)}
    codes = np.array([place.get(name, 0) for name in paths.channels], dtype=np.int64)
    lengths = paths.lengths[row]
    moment = np.repeat(np.arange(row.size), lengths)
    step = np.arange(moment.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    touch = np.repeat(paths.offsets[:-1][row], lengths) + step
    lag = days_back(paths)[touch] - age[moment]
    before = lag >= 0
    back = np.bincount(moment[before], minlength=row.size)[moment] - 1 - step
    seen = before & (back >= 0) & (back < MOST)
    tokens = np.zeros((row.size, MOST), dtype=np.int64)
    lags = np.zeros((row.size, MOST), dtype=np.float32)
    at = np.full((row.size, MOST), -1, dtype=np.int64)
    place_of = moment[seen], back[seen]
    tokens[place_of] = codes[paths.tokens[touch[seen]]]
    lags[place_of] = lag[seen]
    at[place_of] = touch[seen]
    return Sequences(tokens=tokens, lags=lags, at=at)


def scored(score: Score, seen: Sequences) -> Floats:
    """The rate of every moment, short sequences together so that little is padded: (moments,)."""
    rates = np.empty(seen.at.shape[0])
    order = np.argsort(seen.sizes, kind="stable")
    for begin in range(0, order.size, _PIECE):
        piece = order[begin : begin + _PIECE]
        width = max(int(seen.sizes[piece].max()), 1)
        rates[piece] = score(seen.tokens[piece, :width], seen.lags[piece, :width])
    return rates


def incremental(paths: Paths, score: Score, known: Sequence[str]) -> Floats:
    """The part of its journey's conversion that each touch caused: (touches,), 0..1.

    With rate l at the conversion, l[-i] without touch i and l[0] without any, the touches caused
    1 - l[0]/l together, and share it in proportion to 1 - l[-i]/l, where that is above 0.
    """
    rows = np.flatnonzero(paths.conversions > 0)
    seen = sequences(paths, rows, np.zeros(rows.size), known)
    whole = scored(score, seen)
    nothing = score(np.zeros((1, 1), dtype=np.int64), np.zeros((1, 1), dtype=np.float32))[0]
    alone, together = np.zeros(paths.tokens.size), np.zeros(paths.lengths.size)
    together[rows] = np.maximum(1.0 - nothing / whole, 0.0)
    for place in range(MOST):
        with_one = seen.at[:, place] >= 0
        if not with_one.any():
            break
        rest = seen.tokens[with_one].copy()
        rest[:, place] = 0
        less = scored(score, Sequences(tokens=rest, lags=seen.lags[with_one], at=seen.at[with_one]))
        alone[seen.at[with_one, place]] = np.maximum(1.0 - less / whole[with_one], 0.0)
    return shared(paths, alone, together)
