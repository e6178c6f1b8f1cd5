"""What people look at on each visit: the page they land on, and those that follow.

Pages cause nothing and are drawn apart from the market, so they leave its touches and purchases,
and with them the truth, as they are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.advertiser import DAY, Floats, Ints, Simulation, pick
from simulation.site import PATHS, PHRASES, SEARCH

_STREAM = 77  # sets these draws apart from the market's, which start from the same seed
_SIGMA = 0.8
_LIKENESS = 5.0  # how alike people of a profile are: the concentration of their tastes


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """Pages seen, one row each, by touch and time.

    ``touch`` is the row number of the touch that began the visit, ``at`` in seconds from the start;
    ``landing`` marks the page the touch itself brought up. ``kind`` is a ``site.KINDS`` number,
    ``path`` a place in ``site.PATHS[kind]``; ``intent`` and ``phrase`` say what is searched for (on
    search pages, and behind the keywords of advertisements in search results).
    """

    touch: Ints
    at: Floats
    landing: NDArray[np.bool_]
    kind: Ints
    path: Ints
    intent: Ints
    phrase: Ints


def browse(simulation: Simulation) -> Views:
    """The pages of every visit; the bytes follow from the simulation alone."""
    rng = np.random.default_rng([simulation.seed, _STREAM])
    habits = [each.browsing for each in simulation.market.profiles]
    visits = np.flatnonzero(~simulation.touches.seen)
    profile = simulation.profile[simulation.touches.person[visits]]
    pages = np.array([each.pages for each in habits])
    # Geometric: most visits are short, a few are long.
    sizes = rng.geometric(1 / (1 + pages[profile]))
    visit = np.repeat(np.arange(len(visits)), sizes)
    whose = profile[visit]
    place = np.arange(len(visit)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    mean = np.array([each.seconds for each in habits])[whose]
    stay = np.ceil(mean * np.exp(rng.normal(-(_SIGMA**2) / 2, _SIGMA, len(visit))))
    person = simulation.touches.person[visits][visit]
    kind = pick(rng, _tastes(rng, [each.kinds for each in habits], simulation.profile), person)
    # Nobody lands on the shop's own search.
    kind = np.where((kind == SEARCH) & (place == 0), 0, kind)
    intent = pick(rng, _tastes(rng, [each.intents for each in habits], simulation.profile), person)
    at = simulation.touches.at[visits][visit] + _before(stay, sizes)
    kept = (at < simulation.days * DAY) | (place == 0)
    views = Views(
        touch=visits[visit],
        at=at,
        landing=place == 0,
        kind=kind,
        path=_one_of(rng, np.array([len(each) for each in PATHS])[kind]),
        intent=intent,
        phrase=_one_of(rng, np.array([len(each) for each in PHRASES])[intent]),
    )
    return Views(**{name: getattr(views, name)[kept] for name in Views.__dataclass_fields__})


def coupons(simulation: Simulation) -> NDArray[np.bool_]:
    """Which conversions (conversions,) came with a code, as the person's profile uses them."""
    rng = np.random.default_rng([simulation.seed, _STREAM, 1])
    share = np.array([each.browsing.coupon for each in simulation.market.profiles])
    used = rng.random(len(simulation.conversions.at))
    given: NDArray[np.bool_] = used < share[simulation.profile[simulation.conversions.person]]
    return given


def _tastes(rng: np.random.Generator, weights: list[tuple[float, ...]], profile: Ints) -> Floats:
    """Everybody's own weights, scattered around their profile's (a Dirichlet draw)."""
    common = np.array(weights) / np.sum(weights, axis=1, keepdims=True)
    own: Floats = rng.gamma(_LIKENESS * common[profile]) + 1e-9
    return own


def _before(stay: Floats, sizes: Ints) -> Floats:
    """Seconds spent on the earlier pages of the same visit."""
    spent = np.cumsum(stay) - stay
    first = np.cumsum(sizes) - sizes
    before: Floats = spent - np.repeat(spent[first] if len(first) else spent, sizes)
    return before


def _one_of(rng: np.random.Generator, sizes: Ints) -> Ints:
    return (rng.random(len(sizes)) * sizes).astype(np.int64)
