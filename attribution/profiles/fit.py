"""Find profiles: K-Means over behaviour, as many as are well apart and come again. For the worker.

K-Means: Lloyd, "Least squares quantization in PCM" (IEEE Trans. Inf. Theory 28, 1982), with
scikit-learn's k-means++ start. How many: the largest mean silhouette (Rousseeuw 1987, J. Comput.
Appl. Math. 20) among the numbers that are stable, meaning that bootstrap samples of the people lead
to the same partition, by adjusted Rand index (Hubert and Arabie 1985; von Luxburg, "Clustering
stability", 2010).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from threadpoolctl import threadpool_limits

from attribution.behaviour.features import Behaviour, Norms, norms, standardised
from attribution.behaviour.history import Ints
from attribution.behaviour.visits import Floats

NUMBERS = range(2, 9)
KNOWN = 3
"""Visits from which on somebody's behaviour says who they are; with fewer they stay unknown."""

FEWEST = 200
"""Known people from which on profiles are looked for."""

STABLE = 0.8
"""Mean adjusted Rand index between bootstrap samples from which on a number is stable."""

_SAMPLE = 3_000
_SILHOUETTE = 1_500
_BOOTSTRAPS = 3
_CLIP = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was weighed for a number of profiles."""

    silhouette: float
    stability: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """Profiles: ``centres`` (profiles, columns) in deviations from ``norms``, largest first.

    ``choices`` are all numbers weighed. ``label`` (people,) is the profile's row, -1 for those who
    are not known enough; ``sure`` (people,) how clearly, in 0..1 (the simplified silhouette of
    Hruschka, de Castro and Campello 2004: ``1 - nearest / second nearest`` distance).
    """

    centres: Floats
    norms: Norms
    choices: Mapping[int, Choice]
    label: Ints
    sure: Floats

    @property
    def choice(self) -> Choice:
        """What was weighed for the number that was chosen."""
        return self.choices[len(self.centres)]


def fit(found: Behaviour, *, seed: int) -> Found | None:
    """The profiles among those known well enough; ``None`` where they are too few.

    Depends on the people's order and ``seed`` alone: read them in a fixed one.
    """
    known = found.visits >= KNOWN
    if int(known.sum()) < FEWEST:
        return None
    usual = norms(subset(found, known))
    rows = _clipped(standardised(found, usual)[known])
    rng = np.random.default_rng(seed)
    with threadpool_limits(1):  # one worker's fit is no reason to stop the others
        choices = {number: _weigh(rows, number, rng, seed) for number in NUMBERS}
        centres = _means(rows, _chosen(choices), seed, starts=4).cluster_centers_
    label, sure = assign(found, centres, usual)
    order = np.argsort(-np.bincount(label[known], minlength=len(centres)), kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return Found(
        centres=centres[order],
        norms=usual,
        choices=choices,
        label=np.where(label < 0, -1, rank[label]),
        sure=sure,
    )


def assign(found: Behaviour, centres: Floats, usual: Norms) -> tuple[Ints, Floats]:
    """The nearest centre of everybody known enough (-1 for the rest), and how sure that is."""
    rows = _clipped(standardised(found, usual))
    squares = (rows**2).sum(axis=1)[:, None] - 2 * rows @ centres.T + (centres**2).sum(axis=1)
    distance = np.sqrt(np.maximum(squares, 0.0))
    label = np.where(found.visits >= KNOWN, distance.argmin(axis=1), -1)
    nearest = np.sort(distance, axis=1)
    second = nearest[:, 1] if nearest.shape[1] > 1 else np.full(len(rows), np.inf)
    sure = 1 - np.divide(nearest[:, 0], second, out=np.ones(len(rows)), where=second > 0)
    return label.astype(np.int64), np.where(label < 0, 0.0, sure)


def subset(found: Behaviour, rows: NDArray[np.bool_]) -> Behaviour:
    """Some of the people."""
    return replace(
        found,
        counts={group: counts[rows] for group, counts in found.counts.items()},
        scales=found.scales[rows],
        visits=found.visits[rows],
        pages=found.pages[rows],
    )


def _clipped(rows: Floats) -> Floats:
    """Deviations within what one odd act can't stretch."""
    return np.clip(rows, -_CLIP, _CLIP)


def _weigh(rows: Floats, number: int, rng: np.random.Generator, seed: int) -> Choice:
    """Silhouette of one fit, and how alike fits to bootstrap samples are to each other."""
    few = rows[rng.permutation(len(rows))[:_SILHOUETTE]]
    size = min(len(rows), _SAMPLE)
    samples = [rows[rng.choice(len(rows), size)] for _ in range(_BOOTSTRAPS)]
    labels = [
        _means(sample, number, seed + place).predict(few) for place, sample in enumerate(samples)
    ]
    pairs = [
        adjusted_rand_score(labels[one], labels[other])
        for one in range(_BOOTSTRAPS)
        for other in range(one)
    ]
    apart = [
        silhouette_score(few, each) if 1 < len(np.unique(each)) < len(few) else -1.0
        for each in labels
    ]
    return Choice(silhouette=float(np.mean(apart)), stability=float(np.mean(pairs)))


def _chosen(choices: Mapping[int, Choice]) -> int:
    """The largest silhouette among stable numbers; without one, the most stable number."""
    stable = [number for number, each in choices.items() if each.stability >= STABLE]
    if not stable:
        return max(choices, key=lambda number: (choices[number].stability, -number))
    return max(stable, key=lambda number: (choices[number].silhouette, -number))


def _means(rows: Floats, number: int, seed: int, *, starts: int = 2) -> KMeans:
    return KMeans(number, n_init=starts, random_state=seed).fit(rows)
