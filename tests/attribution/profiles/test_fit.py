"""Profiles from behaviour: as many as there are, the same every time, none where few are known."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from attribution.behaviour.features import behaviour
from attribution.profiles.fit import FEWEST, KNOWN, STABLE, assign, fit
from attribution.profiles.naming import named
from tests.attribution.behaviour.people import DAY, did, people

KINDS = (
    {"page": "content", "arrival": "social"},
    {"page": "price", "intent": "price", "arrival": "affiliates"},
    {"page": "account", "intent": "brand", "arrival": "email"},
)


def crowd(size, *, seed, kinds=KINDS):
    """People of some kinds, each visit of their kind three times in four; and their kinds."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, len(kinds), size)
    histories = [
        [
            did(
                day + rng.random(),
                device=int(rng.integers(1, 3)),
                **kinds[mine if rng.random() < 0.75 else int(rng.integers(0, len(kinds)))],
            )
            for day in sorted(rng.choice(60, rng.integers(4, 9), replace=False))
        ]
        for mine in kind.tolist()
    ]
    return behaviour(people(*histories), now=60 * DAY), kind


@pytest.fixture(scope="module")
def found():
    return crowd(600, seed=1)


@pytest.fixture(scope="module")
def result(found):
    return fit(found[0], seed=1)


def test_it_finds_as_many_profiles_as_there_are(found, result):
    assert len(result.centres) == len(KINDS)
    assert adjusted_rand_score(found[1], result.label) > 0.7
    assert result.choice.stability >= STABLE
    assert result.choice.silhouette == max(
        each.silhouette for each in result.choices.values() if each.stability >= STABLE
    )


def test_it_names_them_by_what_they_do(result):
    assert set(named(result.centres)) == {"Passive Explorer", "Deal Hunter", "Loyalist"}


def test_it_finds_the_same_every_time(found, result):
    again = fit(found[0], seed=1)
    np.testing.assert_array_equal(again.centres, result.centres)
    np.testing.assert_array_equal(again.label, result.label)


def test_it_puts_the_largest_first(result):
    sizes = np.bincount(result.label[result.label >= 0])
    assert np.all(np.diff(sizes) <= 0)


def test_it_assigns_people_later_as_it_did_when_it_fitted(found, result):
    label, sure = assign(found[0], result.centres, result.norms)
    np.testing.assert_array_equal(label, result.label)
    np.testing.assert_array_equal(sure, result.sure)
    assert ((sure >= 0) & (sure <= 1)).all()


def test_it_leaves_people_unknown_who_came_rarely(result):
    few = behaviour(people([did(1, page="price")] * (KNOWN - 1)), now=2 * DAY)
    label, sure = assign(few, result.centres, result.norms)
    assert (label.tolist(), sure.tolist()) == ([-1], [0.0])


def test_it_finds_nothing_among_few():
    assert fit(crowd(FEWEST - 1, seed=2)[0], seed=1) is None
