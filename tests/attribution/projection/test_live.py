"""The live chain says what the stores say, whatever came, went, or was rolled back."""

from unittest.mock import patch

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attribution import handlers
from attribution.contracts import Model
from attribution.projection import live, report, sums
from tests.attribution.stories import click, erased, identified, purchase, rejected
from tests.attribution.test_handlers import logs, project

EVERYTHING = live._EVERYTHING


@pytest.fixture
def in_acme(acme, as_tenant):
    with as_tenant(acme):
        yield


def as_the_stores_say():
    """What ``live.known`` is to be, from all transitions at once."""
    conversions, _, value, alone, alone_value = report.column_sums(sums.totals(EVERYTHING))
    credit, _ = report.credit(Model.MARKOV, EVERYTHING, 1, conversions - alone, value - alone_value)
    followed, touches = {}, {}
    for _, after, won, lost, _ in sums.transitions(EVERYTHING):
        if after > 0:
            followed[after] = followed.get(after, 0) + won
            touches[after] = touches.get(after, 0) + won + lost
    return {key: each[0] for key, each in credit.items()}, followed, touches


def some(numbers):
    return {key: each for key, each in numbers.items() if each}


def agrees():
    credit, followed, touches = as_the_stores_say()
    found = live.known()
    assert some(found.touches) == some(touches)
    assert some(found.followed) == some(followed)
    assert {key: each for key, each in found.credit.items() if each > 1e-12} == pytest.approx(
        {key: each for key, each in credit.items() if each > 1e-12}, abs=1e-9
    )


@pytest.mark.usefixtures("in_acme")
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(logs(), st.lists(st.integers(0, 24), max_size=6), st.integers(0, 4), st.booleans())
def test_it_says_what_the_stores_say(events, cuts, steps, in_bulk):
    with patch.object(live, "MANY", 0 if in_bulk else 10**9):
        project(events, cuts, steps)

    agrees()


@pytest.mark.usefixtures("in_acme")
def test_it_follows_what_comes_and_goes():
    handlers.handle([
        click(1, "a", 1, "Email"), click(2, "a", 1.5, "Email"), purchase(3, "a", 2),
        click(4, "b", 1, "Display"), click(5, "c", 1, "Email"),
    ])  # fmt: skip
    with patch.object(live, "_loaded", side_effect=AssertionError("it read the store")):
        handlers.handle([click(6, "b", 2, "Email"), purchase(7, "b", 3)])
        handlers.handle([identified(8, "c", "b", day=4)])
        handlers.handle([rejected(9, [4])])
        handlers.handle([erased(10, "a")])

    agrees()
    assert sum(live.known().credit.values()) == pytest.approx(1.0)


@pytest.mark.usefixtures("in_acme")
def test_what_was_rolled_back_leaves_nothing():
    handlers.handle([click(1, "a", 1, "Email"), purchase(2, "a", 2)])
    with transaction.atomic():
        handlers.handle([click(3, "b", 1, "Display"), purchase(4, "b", 2)])
        transaction.set_rollback(True)

    handlers.handle([click(5, "c", 1, "Affiliates"), purchase(6, "c", 2)])

    agrees()
    assert sum(live.known().credit.values()) == pytest.approx(2.0)


def test_tenants_have_chains_of_their_own(acme, rival, as_tenant):
    with as_tenant(acme):
        handlers.handle([click(1, "a", 1, "Email"), purchase(2, "a", 2)])
    with as_tenant(rival):
        assert live.known().credit == {}
        handlers.handle([click(1, "a", 1, "Display"), purchase(2, "a", 2)])
        agrees()
    with as_tenant(acme):
        handlers.handle([click(3, "b", 1, "Email"), purchase(4, "b", 2)])
        agrees()
        assert sum(live.known().credit.values()) == pytest.approx(2.0)
