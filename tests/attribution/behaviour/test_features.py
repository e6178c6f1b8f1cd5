"""Visits, counts and shares: exact counts, shares drawn to what is usual, nothing without acts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.behaviour.features import SHARES, behaviour, names, norms, standardised
from attribution.behaviour.visits import visits
from attribution.behaviour.vocabulary import ARRIVALS, INTENTS, PAGES
from tests.attribution.behaviour.people import DAY, did, people

HALF = 1 / 48


@st.composite
def acts(draw):
    return did(
        draw(st.integers(0, 500)) / 24,
        kind=draw(st.sampled_from(["page", "impression", "order", "goal", "action"])),
        page=draw(st.sampled_from(PAGES)),
        intent=draw(st.sampled_from(INTENTS)),
        arrival=draw(st.sampled_from(ARRIVALS)),
        device=draw(st.integers(0, 3)),
        coupon=draw(st.booleans()),
    )


CROWDS = st.lists(st.lists(acts(), max_size=8), min_size=1, max_size=6)


def test_it_parts_visits_by_silence_and_by_arrivals():
    found = visits(
        people(
            [did(0), did(0.9 * HALF), did(2.1 * HALF), did(2.2 * HALF, arrival="email")],
            [did(0, kind="impression"), did(3, kind="order")],
        )
    )
    assert found.visits.tolist() == [3, 0]
    assert found.pages.tolist() == [4, 0]
    assert found.seconds.tolist() == [pytest.approx(0.9 * 1800), 0]
    assert found.last[0] == round(2.2 * HALF * DAY)


def test_it_counts_what_people_did():
    seen = people(
        [
            did(3.8, page="price", arrival="email", device=2),  # a Sunday evening
            did(3.81, page="search", intent="brand", device=2),
            did(3.9, kind="order", coupon=True),
        ]
    )
    found = behaviour(seen, now=5 * DAY)
    assert found.counts["price seeking"].tolist() == [[2, 1]]
    assert found.counts["week"].tolist() == [[0, 3]]
    assert found.counts["daypart"].tolist() == [[0, 0, 0, 3]]
    assert found.counts["device"].tolist() == [[1, 2, 0]]
    assert found.counts["query intent"].sum() == 1
    assert np.exp(found.scales[0, 3]) - 1 == pytest.approx(1.2)
    assert np.isnan(found.scales[0, 2])


@given(CROWDS)
def test_it_knows_nobody_less_than_everybody(crowd):
    seen = people(*crowd)
    found = behaviour(seen, now=30 * DAY)
    assert found.counts["daypart"].sum() == len(seen.at)
    usual = norms(found)
    rows = standardised(found, usual)
    assert rows.shape == (len(crowd), len(names()))
    assert np.isfinite(rows).all()
    assert len(names()) == sum(map(len, SHARES.values())) + 4


@given(CROWDS)
def test_it_describes_a_person_alone_as_among_others(crowd):
    together = behaviour(people(*crowd), now=30 * DAY)
    alone = [behaviour(people(each), now=30 * DAY) for each in crowd]
    usual = norms(together)
    apart = np.concatenate([standardised(each, usual) for each in alone])
    np.testing.assert_allclose(apart, standardised(together, usual))
