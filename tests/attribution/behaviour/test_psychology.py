"""The psychology of a journey: bounded, monotone, and what its formulas say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.behaviour.psychology import CLASSES, FIGURES, psychology
from tests.attribution.behaviour.people import did, people
from tests.attribution.behaviour.test_features import CROWDS, acts

ONE = st.lists(acts(), min_size=1, max_size=10)


def figure(history, name):
    return float(psychology(people(history)).figures[0, FIGURES.index(name)])


def intent(history):
    return CLASSES[int(psychology(people(history)).intent[0])]


@given(CROWDS)
def test_every_figure_lies_between_nothing_and_all(crowd):
    found = psychology(people(*crowd))
    assert ((found.figures >= 0) & (found.figures <= 1)).all()
    assert ((found.intent >= 0) & (found.intent < len(CLASSES))).all()


@given(CROWDS)
def test_a_person_is_the_same_alone_as_among_others(crowd):
    together = psychology(people(*crowd))
    for row, history in enumerate(crowd):
        alone = psychology(people(history))
        np.testing.assert_allclose(alone.figures[0], together.figures[row])
        assert alone.intent[0] == together.intent[row]


@given(ONE, st.integers(0, 1000))
def test_nothing_depends_on_the_calendar(history, days):
    later = [(at + days * 86_400_000_000, code) for at, code in history]
    moved, stayed = psychology(people(later)), psychology(people(history))
    np.testing.assert_allclose(moved.figures, stayed.figures)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("price sensitivity", {"page": "price"}),
        ("brand loyalty", {"page": "account"}),
        ("social influence", {"page": "reviews"}),
        ("research depth", {"page": "compare"}),
    ],
)
@given(history=ONE)
def test_more_evidence_never_lowers_a_figure(name, more, history):
    assert figure([*history, did(22, **more)], name) >= figure(history, name) - 1e-12


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("content", "informational"),
        ("compare", "commercial"),
        ("basket", "transactional"),
        ("account", "navigational"),
        ("home", "unknown"),
    ],
)
def test_the_intent_class_is_that_of_most_pages(page, kind):
    assert intent([did(0, page=page), did(1, page=page)]) == kind


def test_the_nearer_to_a_purchase_counts_among_equals():
    assert intent([did(0, page="content"), did(1, page="basket")]) == "transactional"


def test_engagement_grows_with_depth_time_and_visits():
    bounce = [did(0)]
    longer = [did(0), did(0.005), did(0.01)]
    again = [*longer, *(did(day) for day in range(2, 6))]
    assert figure(bounce, "engagement") == 0
    assert figure(longer, "engagement") > 0
    assert figure([*longer, *((at + 10**11, c) for at, c in longer)], "engagement") > figure(
        longer, "engagement"
    )
    assert figure(again, "engagement") > 0


def test_urgency_is_activity_that_gathers_before_its_end():
    spread = [did(day) for day in range(0, 40, 8)]
    gathered = [did(day / 4) for day in range(5)]
    assert figure(gathered, "urgency") > 0.7
    assert figure(spread, "urgency") < 0.1
    assert figure([did(3)], "urgency") == 0
    assert figure([did(0), did(3)], "urgency") == pytest.approx(np.exp(-1))


def test_complexity_is_the_entropy_of_arrivals():
    one = [did(day, arrival="email") for day in range(4)]
    two = [*one, *(did(day, arrival="direct") for day in range(4, 8))]
    assert figure(one, "complexity") == 0
    assert figure(two, "complexity") == pytest.approx(np.log(2) / np.log(9))


def test_velocity_is_one_over_the_days_between_visits():
    assert figure([did(0), did(1), did(2)], "velocity") == pytest.approx(1 / 2)
    assert figure([did(0), did(9)], "velocity") == pytest.approx(1 / 10)
    assert figure([did(0)], "velocity") == 0
