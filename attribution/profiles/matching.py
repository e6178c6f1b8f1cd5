"""Which of the profiles found now is which of those known before. Pure.

By the people both have in common (the Jaccard index of Hennig, "Cluster-wise assessment of cluster
stability", 2007), so that the sum over all pairs is largest: the Hungarian method (Kuhn 1955). A
pair with less in common than ``LEAST`` is two profiles.
"""

from collections.abc import Mapping, Sequence

import numpy as np

LEAST = 0.25


def identities(
    members: Sequence[frozenset[str]], before: Mapping[int, frozenset[str]], *, last: int
) -> tuple[int, ...]:
    """The number of each profile, given its ``members`` and those of every number ``before``.

    Numbers are never used again: new profiles get those after ``last``, in their order.
    """
    numbers = sorted(before)
    common = np.array(
        [[_jaccard(now, before[number]) for number in numbers] for now in members]
    ).reshape(len(members), len(numbers))
    from scipy.optimize import linear_sum_assignment  # half a second; the worker's alone

    rows, columns = linear_sum_assignment(-common)
    kept = {
        row: numbers[column]
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if common[row, column] >= LEAST
    }
    result = []
    for row in range(len(members)):
        if row not in kept:
            last += 1
        result.append(kept.get(row, last))
    return tuple(result)


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    every = len(one | other)
    return len(one & other) / every if every else 0.0
