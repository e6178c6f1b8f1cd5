"""The graph of some events."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features.layout import NOBODY, Floats

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Graph:
    """Nodes in the order of their ids; ``named`` (events x sorts) their places, -1 for nobody.

    ``values`` (nodes x k): one-hot sort, logarithm of events, means of what its events said.
    ``edges`` (2 x m): both ways, each pair once.
    """

    ids: Floats
    events: Ints
    values: NDArray[np.float32]
    edges: Ints
    named: Ints


def built(ids: Floats, said: Floats) -> Graph:
    """The graph of events by ``ids`` (n x sorts) and what they ``said`` (n x k, NaN: unknown)."""
    sorts = ids.shape[1]
    keys = np.where(ids == NOBODY, -1.0, ids)
    unique, places = np.unique(keys, return_inverse=True)
    nobody = int(unique.size > 0 and unique[0] == -1.0)
    named: Ints = places.reshape(keys.shape).astype(np.int64) - nobody
    nodes = unique[nobody:]
    known = np.nan_to_num(np.sign(said) * np.log1p(np.abs(said)), posinf=0.0, neginf=0.0)
    events = np.bincount(named[named >= 0], minlength=nodes.size).astype(np.int64)
    sums, kind = np.zeros((nodes.size, said.shape[1])), np.zeros((nodes.size, sorts))
    for sort in range(sorts):
        rows = named[:, sort] >= 0
        np.add.at(sums, named[rows, sort], known[rows])
        kind[named[rows, sort], sort] = 1.0
    means = sums / np.maximum(events, 1)[:, None]
    values = np.concatenate([kind, np.log1p(events)[:, None], means], axis=1)
    return Graph(
        ids=nodes, events=events, values=values.astype(np.float32), edges=_edges(named),
        named=named,
    )  # fmt: skip


def _edges(named: Ints) -> Ints:
    """Between all that an event names, both ways, each pair once."""
    found = []
    for one in range(named.shape[1]):
        for other in range(one + 1, named.shape[1]):
            both = (named[:, one] >= 0) & (named[:, other] >= 0)
            found.append(named[both][:, [one, other]])
    pairs = np.unique(np.concatenate([np.empty((0, 2), dtype=np.int64), *found]), axis=0)
    return np.ascontiguousarray(np.concatenate([pairs, pairs[:, ::-1]]).T)
