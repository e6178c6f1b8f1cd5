"""What people look at: repeatable, apart from the market, different by profile."""

from datetime import date

import numpy as np
import pytest

from simulation.advertiser import DAY, NORTHWIND, simulate
from simulation.browsing import browse, coupons
from simulation.site import INTENTS, KINDS, PATHS, PHRASES, SEARCH
from simulation.truth import truth

SIMULATION = simulate(NORTHWIND, seed=3, start=date(2026, 9, 1), days=60, touches=40_000)
PROFILES = range(len(NORTHWIND.profiles))


@pytest.fixture(scope="module")
def views():
    return browse(SIMULATION)


@pytest.fixture(scope="module")
def profile(views):
    return SIMULATION.profile[SIMULATION.touches.person[views.touch]]


def test_it_gives_the_same_pages_for_the_same_simulation(views):
    assert browse(SIMULATION).at.tobytes() == views.at.tobytes()
    assert browse(SIMULATION).path.tobytes() == views.path.tobytes()


def test_it_leaves_the_market_as_it_was(views):
    before = truth(SIMULATION).by_profile
    browse(SIMULATION)
    np.testing.assert_array_equal(truth(SIMULATION).by_profile, before)


def test_it_lands_every_visit_once_and_at_its_touch(views):
    landings = views.touch[views.landing]
    assert sorted(landings.tolist()) == np.flatnonzero(~SIMULATION.touches.seen).tolist()
    np.testing.assert_array_equal(views.at[views.landing], SIMULATION.touches.at[landings])


def test_it_goes_on_after_the_landing_and_ends_with_the_days(views):
    later = views.at > SIMULATION.touches.at[views.touch]
    np.testing.assert_array_equal(later, ~views.landing)
    assert views.at.max() < SIMULATION.days * DAY


def test_it_names_pages_and_searches_that_there_are(views):
    assert (views.path < np.array([len(each) for each in PATHS])[views.kind]).all()
    assert (views.phrase < np.array([len(each) for each in PHRASES])[views.intent]).all()
    assert not (views.kind[views.landing] == SEARCH).any()


@pytest.mark.parametrize(
    ("kind", "most"), [("journal", 0), ("sale", 1), ("account", 2), ("compare", 3)]
)
def test_it_shows_each_profile_pages_of_its_own(views, profile, kind, most):
    seen = [float((views.kind[profile == n] == KINDS.index(kind)).mean()) for n in PROFILES]
    assert np.argmax(seen) == most


@pytest.mark.parametrize(
    ("intent", "most"), [("informational", 0), ("price", 1), ("brand", 2), ("transactional", 3)]
)
def test_it_lets_each_profile_search_in_its_own_words(views, profile, intent, most):
    place = INTENTS.index(intent)
    seen = [float((views.intent[profile == n] == place).mean()) for n in PROFILES]
    assert np.argmax(seen) == most


def test_it_keeps_profiles_alike_enough_to_be_mistaken(views, profile):
    """Everybody sees everything at times: no page gives a profile away."""
    for number in PROFILES:
        assert set(np.unique(views.kind[profile == number])) == set(range(len(KINDS)))


def test_it_gives_codes_to_those_who_look_for_them():
    used = coupons(SIMULATION)
    profile = SIMULATION.profile[SIMULATION.conversions.person]
    assert np.argmax([float(used[profile == n].mean()) for n in PROFILES]) == 1
