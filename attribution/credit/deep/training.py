"""Training: batches of moments, Adam, stopped by journeys that began later than those it saw."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from attribution.credit import held_out
from attribution.credit.deep.network import Network
from attribution.credit.deep.sequences import Lags, Sequences, ordered, scored, sequences
from attribution.credit.held_out import Moments
from attribution.credit.paths import Floats, Ints, Paths

ENOUGH = 50_000
"""Journeys of each outcome that are trained on; of more, an even part stands for all."""

_STRATA = 2
PASSES = 16
_PATIENCE = 4
_STEPS = 12
"""At least so many steps between two looks at the later journeys, going over few journeys again."""

_BATCH, _PIECES = 2_048, 4
_RATE, _SLOWER = 0.03, 0.85
_LEAST = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Deep:
    """A trained network. ``channels`` it knows, ``unit`` conversions per day its rates count in.

    ``passes`` were made before training ended.
    """

    channels: tuple[str, ...]
    unit: float
    network: Network
    passes: int

    def score(self, tokens: Ints, lags: Lags) -> Floats:
        """Rates (moments,) as ``scoring.Scorer`` gives them of the exported network.

        In double precision, so that it hardly matters what a moment is scored together with.
        """
        exact = copy.deepcopy(self.network).double()
        with torch.no_grad():
            found = exact(torch.from_numpy(tokens), torch.from_numpy(lags).double())
        rates: Floats = found.numpy() * self.unit
        return rates


def fit(paths: Paths, *, seed: int, passes: int = PASSES) -> Deep:
    """Train on the earlier journeys of ``paths``, at most ``passes`` times over all of them.

    Of the journeys, those that began last are held out for whoever compares models, and of the rest
    the last for stopping: training ends when they have been foretold no better for some passes, and
    the best is kept. Where it is unknown when journeys began all are trained on, all passes long.
    The same journeys and seed give the same network, whatever the order of their rows.
    """
    earlier, _ = held_out.split(paths)
    first, last = held_out.split(earlier)
    first = ordered(_thinned(first))
    at = held_out.moments(first, _STRATA)
    unit = float(at.events.sum() / at.days.sum()) if at.days.sum() > 0 else 0.0
    with _alone(seed):
        network = Network(len(first.channels)).eval()
        fitted = Deep(channels=first.channels, unit=unit, network=network, passes=0)
        if unit == 0.0:
            return fitted
        return _train(fitted, first, at, ordered(last), seed, passes)


def _thinned(paths: Paths) -> Paths:
    """At most ``ENOUGH`` rows that convert, and that don't: every n-th, counted as often."""
    converting = paths.conversions > 0
    kept, often = np.zeros(converting.size, dtype=np.bool_), np.ones(converting.size)
    for kind in (converting, ~converting):
        every = -(-int(kind.sum()) // ENOUGH) or 1
        kept[np.flatnonzero(kind)[::every]] = True
        often[kind] = every
    more = replace(
        paths,
        conversions=paths.conversions * often,
        nulls=paths.nulls * often,
        value=paths.value * often,
    )
    return more.of(kept)


@contextmanager
def _alone(seed: int) -> Iterator[None]:
    """One thread and a generator of one's own: sums in one order, and nobody else's numbers."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            yield
    finally:
        torch.set_num_threads(threads)


def _train(start: Deep, paths: Paths, at: Moments, later: Paths, seed: int, most: int) -> Deep:
    seen = sequences(paths, at.row, at.age, start.channels)
    judged = held_out.moments(later)
    unseen = sequences(later, judged.row, judged.age, start.channels)
    dice, network = np.random.default_rng(seed), start.network
    optimiser = torch.optim.Adam(network.parameters(), lr=_RATE)
    again = -(-_STEPS // -(-at.row.size // _BATCH))
    best, state, since, passes = -np.inf, copy.deepcopy(network.state_dict()), 0, 0
    while since < _PATIENCE and passes < most:
        for _ in range(again):
            _pass(network, optimiser, seen, at, start.unit, dice.permutation(at.row.size))
        passes += 1
        for group in optimiser.param_groups:
            group["lr"] *= _SLOWER
        found = held_out.log_likelihood(scored(start.score, unseen), judged)
        since += 1
        if np.isnan(found) or found > best:
            best, state, since = found, copy.deepcopy(network.state_dict()), 0
    network.load_state_dict(state)
    return replace(start, passes=passes)


def _pass(
    network: Network,
    optimiser: torch.optim.Optimizer,
    seen: Sequences,
    at: Moments,
    unit: float,
    order: Ints,
) -> None:
    """One pass over all moments in ``order``."""
    sizes, total = seen.sizes, float(at.events.sum())
    for begin in range(0, order.size, _BATCH):
        batch = order[begin : begin + _BATCH]
        batch = batch[np.argsort(sizes[batch], kind="stable")]
        losses = [
            _loss(network, seen, at, unit, piece, max(int(sizes[piece].max()), 1))
            for piece in np.array_split(batch, _PIECES)
            if piece.size
        ]
        loss = torch.stack(losses).sum() * (order.size / (batch.size * total))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        optimiser.step()


def _loss(
    network: Network, seen: Sequences, at: Moments, unit: float, piece: Ints, width: int
) -> Tensor:
    """The negative log-likelihood of some moments, padded to ``width`` touches."""
    rates = network(
        torch.from_numpy(seen.tokens[piece, :width]), torch.from_numpy(seen.lags[piece, :width])
    )
    events = torch.from_numpy(at.events[piece].astype(np.float32))
    days = torch.from_numpy((at.days[piece] * unit).astype(np.float32))
    loss: Tensor = (rates * days).sum() - (events * torch.log(rates + _LEAST)).sum()
    return loss
