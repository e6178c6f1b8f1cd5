"""Ensemble: models that foretell conversions, each as far as it does, and how far they agree.

Members: data-driven and survival, and the deep model where a fit of it is given. Each says for
every touch what part of its journey's conversion it caused; the ensemble's part is their mean,
weighted by what each contributes to foretelling journeys that none of them has seen
(``credit.held_out``). Models that foretell nothing (rules, Markov, Shapley) can't be weighed so and
are no members.

The confidence of a touch is 1 - 2 s, s the standard deviation of the members' parts, each with one
voice whatever its weight: numbers between 0 and 1 deviate by at most a half (Popoviciu 1935), so it
runs from 0, where the members contradict each other, to 1, where they agree.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from attribution.credit import hazard, held_out, rates
from attribution.credit.errors import CreditError
from attribution.credit.held_out import Moments
from attribution.credit.models import data_driven, survival
from attribution.credit.models.base import Model, Params
from attribution.credit.paths import Floats, Paths


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Member:
    """A model that states rates.

    ``weights`` (touches,) are the parts caused of a fit to all journeys; ``foretell`` fits to the
    earlier journeys and answers the rates (moments,) of later ones, conversions per day.
    """

    name: str
    weights: Floats
    foretell: Callable[[Paths, Paths, Moments], Floats]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Agreement:
    """Per touch, (touches,): the part it caused, and the confidence in it, 0..1.

    ``by_channel`` (channels,) is the confidence of each channel, its touches weighted by credit;
    NaN where a channel has no credit. ``shares`` are the members' weights by name, ``foretold``
    their log-likelihoods per held-out conversion (empty when the shares were given).
    """

    weights: Floats
    confidence: Floats
    by_channel: Floats
    shares: Mapping[str, float]
    foretold: Mapping[str, float] = field(default_factory=dict)


def agree(
    paths: Paths, *, also: Sequence[Member] = (), shares: Mapping[str, float] | None = None
) -> Agreement:
    """Ask all members, and those that come ``also``; weigh them, unless their ``shares`` are known.

    Given shares need not name all: those of the members that take part are scaled to 1.
    """
    members = (_data_driven(paths), _survival(paths), *also)
    foretold: dict[str, float] = {}
    if shares is None:
        shares, foretold = weigh(paths, members)
    chosen = np.array([shares.get(member.name, 0.0) for member in members])
    chosen = chosen / chosen.sum() if chosen.sum() > 0 else np.full(len(members), 1 / len(members))
    parts = np.stack([member.weights for member in members])
    weights: Floats = chosen @ parts
    confidence: Floats = 1.0 - 2.0 * parts.std(axis=0)
    return Agreement(
        weights=weights,
        confidence=confidence,
        by_channel=_by_channel(paths, weights, confidence),
        shares={member.name: float(share) for member, share in zip(members, chosen, strict=True)},
        foretold=foretold,
    )


def weigh(paths: Paths, members: Sequence[Member]) -> tuple[dict[str, float], dict[str, float]]:
    """The members' shares by what they foretell of held-out journeys, and their log-likelihoods.

    Where nothing is held out all count alike.
    """
    left, _ = hazard.without_returns(paths, survival.NAVIGATIONAL)
    earlier, later = held_out.split(left)
    if not earlier.total_conversions or not later.total_conversions:
        return dict.fromkeys((member.name for member in members), 1.0), {}
    at = held_out.moments(later)
    found = np.stack([member.foretell(earlier, later, at) for member in members])
    shares = held_out.pool(found, at)
    return (
        {member.name: float(share) for member, share in zip(members, shares, strict=True)},
        {
            member.name: held_out.log_likelihood(each, at)
            for member, each in zip(members, found, strict=True)
        },
    )


def _data_driven(paths: Paths) -> Member:
    def foretell(earlier: Paths, later: Paths, at: Moments) -> Floats:
        return rates.at_moments(rates.fit(earlier), later, at)

    return Member(
        name=data_driven.MODEL.name,
        weights=data_driven.incremental(paths, data_driven.MODEL.defaults),
        foretell=foretell,
    )


def _survival(paths: Paths) -> Member:
    def foretell(earlier: Paths, later: Paths, at: Moments) -> Floats:
        iterations = survival.MODEL.defaults["iterations"]
        return hazard.at_moments(hazard.fit(earlier, iterations=iterations), later, at.row, at.age)

    return Member(
        name=survival.MODEL.name,
        weights=survival.incremental(paths, survival.MODEL.defaults),
        foretell=foretell,
    )


def _by_channel(paths: Paths, weights: Floats, confidence: Floats) -> Floats:
    credit = weights * np.repeat(paths.conversions, paths.lengths)
    size = len(paths.channels)
    total = np.bincount(paths.tokens, credit, size)
    sure = np.bincount(paths.tokens, credit * confidence, size)
    found: Floats = np.divide(sure, total, out=np.full(size, np.nan), where=total > 0)
    return found


def check(params: Params) -> None:
    """``shares`` is ``None``, or numbers of at least 0 by member."""
    shares = params["shares"]
    if shares is None:
        return
    if not isinstance(shares, Mapping) or not all(
        isinstance(share, int | float) and share >= 0 for share in shares.values()
    ):
        raise CreditError("shares must be numbers of at least 0 by the names of members.")


def incremental(paths: Paths, params: Params) -> Floats:
    """Per touch the part of its journey's conversion that it caused: (touches,), 0..1."""
    return agree(paths, shares=params["shares"]).weights


MODEL = Model(
    name="ensemble",
    title="Ensemble",
    formula="w[i] = sum over members of share times their w[i]; confidence[i] = 1 - 2 sd over "
    "members of w[i]",
    source="Shares: stacking (Yao, Vehtari, Simpson, Gelman 2018, Bayesian Analysis 13(3)); "
    "confidence: Popoviciu's inequality bounds the standard deviation (1935, Mathematica 9).",
    defaults={"shares": None},
    check=check,
    caused=incremental,
    fitted=True,
)
