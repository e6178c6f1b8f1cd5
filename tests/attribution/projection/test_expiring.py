"""What expired leaves the read models as if it had never been, and nothing else does."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attribution import handlers
from attribution.behaviour import projection
from attribution.models import Expiring, Journey, Spend, Touchpoint
from attribution.projection import expiring, names, sums
from eventlog import catalogue
from tests.attribution.projection.test_erasure import STORES
from tests.attribution.stories import START, click, expired, identified, purchase, spend, stored
from tests.attribution.test_handlers import contents, logs, project

CUT = 12
RESET = handlers.reset


@pytest.fixture
def in_acme(acme, as_tenant):
    with as_tenant(acme):
        yield


def labels():
    """All labels in the order of their ids: those of what went are known still."""
    return sums.rows("SELECT dimension, label FROM attribution_name ORDER BY id", [])


def goes(event):
    return event.type in catalogue.expiring() and event.occurred_at < START + timedelta(days=CUT)


@pytest.mark.usefixtures("in_acme")
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(logs(), st.lists(st.integers(0, 24), max_size=4), st.integers(0, 3))
def test_what_is_left_is_what_the_rest_of_the_log_gives(events, cuts, steps):
    with patch.object(expiring, "PEOPLE", 2):
        project([*events, expired(100, CUT)], cuts, steps)
    left, known = contents(), labels()

    with patch.object(handlers, "reset", lambda: (RESET(), names.intern(known))):
        project([*(event for event in events if not goes(event)), expired(100, CUT)])

    expected = contents()
    for name in STORES:
        assert left[name] == expected[name], name
    assert not Expiring.objects.exists()


@pytest.mark.usefixtures("in_acme")
def test_a_journey_loses_the_touches_that_went():
    project([click(1, "ann", 11), click(2, "ann", 13), purchase(3, "ann", 14), expired(4, CUT)])

    assert Journey.objects.get(id=3).positions == [2]
    assert list(Touchpoint.objects.values_list("position", flat=True)) == [2]


@pytest.mark.usefixtures("in_acme")
def test_what_came_later_into_the_log_stays_however_old():
    project([click(1, "ann", 1), expired(2, CUT), click(30, "ann", 2), purchase(40, "ann", 3)])

    assert Journey.objects.get(id=40).positions == [30]


@pytest.mark.usefixtures("in_acme")
def test_who_was_linked_by_what_went_is_two_again():
    project([identified(1, "device", "ann", 1), click(2, "device", 13), purchase(3, "ann", 14)])
    assert Journey.objects.get(id=3).positions == [2]

    handlers.handle([expired(4, CUT)])
    while handlers.settle():
        pass

    assert Journey.objects.get(id=3).positions == []


@pytest.mark.usefixtures("in_acme")
def test_figures_of_spend_stay_and_what_touches_cost_goes():
    project([spend(1, 1, "Email", 5.0), click(2, "ann", 1, cost=0.5), expired(3, CUT)])

    assert [(row.cost, row.touch_cost) for row in Spend.objects.order_by("-cost")] == [
        (5_000_000, 0),
        (0, 0),
    ]


@pytest.mark.usefixtures("in_acme")
def test_behaviour_of_before_goes():
    def visit(position, subject, day):
        page = {"page": {"url": "https://shop.example/tents"}}
        return stored(position, "web.page", subject, day, page)

    before = [visit(1, "ann", 1), visit(2, "bob", 2)]
    later = [visit(3, "bob", 13), visit(4, "cleo", 14)]
    projection.handle(later)
    expected = sums.rows("SELECT * FROM attribution_behaviour ORDER BY 1", [])
    projection.reset()

    projection.handle(before)
    projection.handle([later[0], expired(5, CUT), later[1]])

    assert sums.rows("SELECT * FROM attribution_behaviour ORDER BY 1", []) == expected
