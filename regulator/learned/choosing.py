"""Who has a say: the way windows are compressed, by operator, and the members. Pure.

The network judges an operator only where it beats the components on the same windows: a paired
bootstrap of the average precision on trial stretches (``ml.training.versus``) whose whole interval
is above nothing. A member beside the best one has a say only where the combination beats what was
there before it in the same way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ml.training.precision import average_precision
from ml.training.versus import Versus
from regulator.features.series import Floats
from regulator.learned.members import BASELINE, COMPONENTS, COURSE, ISOLATION, NETWORK
from regulator.learned.tails import Tail, chances
from regulator.learned.trying import Tried

_TOGETHER, _WITH = "together", "with"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """By operator the way that judges it, ``other`` for those that are new; and the comparisons."""

    chosen: Mapping[str, str]
    other: str
    compared: Mapping[str, Versus]
    market: Versus


def ways(tried: Tried, operators: Sequence[str], *, seed: int) -> Ways:
    """Of trials on anomalies of a day's course."""
    compared = {
        name: tried.versus(COMPONENTS, NETWORK, seed=seed, only=place)
        for place, name in enumerate(operators)
    }
    market = tried.versus(COMPONENTS, NETWORK, seed=seed)
    return Ways(
        chosen={name: _way(each) for name, each in compared.items()},
        other=_way(market), compared=compared, market=market,
    )  # fmt: skip


def _way(compared: Versus) -> str:
    return NETWORK if compared.better else COMPONENTS


def components(tried: Tried, names: Sequence[str]) -> str:
    """Of scores by several numbers of components, the name of those that tell best."""
    truth = tried.stretches.truth
    return max(names, key=lambda name: average_precision(truth, tried.scores[name]))


def members(
    tried: Tried, tails: Mapping[str, Tail], *, seed: int
) -> tuple[tuple[str, ...], dict[str, Versus]]:
    """Who has a say, the best first, and what each other one was found to add."""
    told = {
        name: -np.log10(_likely(tried.scores[name], tails[name]))
        for name in (BASELINE, ISOLATION, COURSE)
    }
    truth = tried.stretches.truth
    order = sorted(told, key=lambda name: -average_precision(truth, told[name]))
    kept, found, together = [order[0]], {}, told[order[0]]
    for name in order[1:]:
        scores = {_TOGETHER: together, _WITH: together + told[name]}
        one = Tried(stretches=tried.stretches, scores=scores).versus(_TOGETHER, _WITH, seed=seed)
        found[name] = one
        if one.better:
            kept.append(name)
            together = together + told[name]
    return tuple(kept), found


def _likely(scores: Floats, clean: Tail) -> Floats:
    """Chances of stretches; one that nobody could score is as likely as not."""
    return np.nan_to_num(chances(scores, clean), nan=0.5)
