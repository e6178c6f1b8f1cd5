"""Counts by minute: of the log, anew or step by step; and the rules that ask them."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts import commands, counting, queries, watching
from alerts.commands import NewRule
from alerts.contracts import Severity, State
from alerts.models import MinuteCount, Rule
from alerts.rules import Check
from eventlog import subscriptions
from tests.alerts.conftest import NOW
from tests.attribution.stories import click

pytestmark = pytest.mark.usefixtures("quiet_worker")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def tenant(acme, as_tenant):
    with as_tenant(acme):
        yield acme


def came(count: int, ago: timedelta = timedelta()):
    """So many clicks, recorded then."""
    counting.handle(
        [click(n + 1, f"p{n}", 1)._replace(recorded_at=NOW - ago) for n in range(count)]
    )


def kept():
    return set(MinuteCount.objects.values_list("minute", "type", "events"))


def rule(check=Check.ABOVE, amount=10, minutes=60):
    new = NewRule(
        name="Clicks", check=check, event_type="ad.click", minutes=minutes, amount=amount,
        severity=Severity.WARNING,
    )  # fmt: skip
    commands.add_rule(new, actor="m", now=NOW)


@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(st.integers(0, 5_000), max_size=30), st.integers(1, 10))
def test_parts_of_any_size_count_the_same(tenant, seconds, size):
    events = [
        click(n + 1, "p", 1)._replace(recorded_at=NOW + timedelta(seconds=second))
        for n, second in enumerate(seconds)
    ]
    counting.reset()
    counting.handle(events)
    whole = kept()
    counting.reset()
    for low in range(0, len(events), size):
        counting.handle(events[low : low + size])
    assert kept() == whole
    assert sum(events for _, _, events in whole) == len(seconds)


def test_it_is_a_projection_of_the_log():
    assert "alerts" in subscriptions.names()


def test_it_counts_the_window_and_the_same_minutes_of_earlier_weeks(tenant):
    came(5)
    came(3, timedelta(minutes=59))
    came(9, timedelta(minutes=61))
    came(7, timedelta(weeks=1))
    came(2, timedelta(weeks=2, hours=2))
    found = counting.counts("ad.click", minutes=60, now=NOW)
    assert (found.now, found.before, found.ever) == (8, (7, 0), 26)


def test_weeks_before_the_first_event_are_not_compared(tenant):
    came(5)
    assert counting.counts("ad.click", minutes=60, now=NOW).before == ()


def test_a_rule_whose_condition_holds_is_an_alert_until_it_does_not(tenant):
    rule()
    came(11)
    watching.look(now=NOW)
    watching.look(now=NOW + MINUTE)
    (found,) = queries.alerts().items
    assert (found.kind, found.title, found.seen) == ("rule.events", "Clicks", 2)
    assert "11 came in the last hour; the limit is 10." in found.text

    watching.look(now=NOW + timedelta(hours=2))
    assert queries.alert(found.id).state is State.RESOLVED


def test_a_rule_says_when_nothing_comes(tenant):
    rule(Check.ABSENCE, minutes=30)
    came(4)
    watching.look(now=NOW)
    assert not queries.alerts().items
    watching.look(now=NOW + timedelta(minutes=31))
    assert queries.alerts().items[0].text == "ad.click: None came in the last 30 minutes."


def test_a_deleted_rule_takes_its_alert_along(tenant):
    rule()
    came(11)
    watching.look(now=NOW)
    commands.delete_rule(Rule.objects.get().pk, actor="m", now=NOW)
    watching.look(now=NOW)
    assert queries.alerts().items[0].state is State.RESOLVED


def test_old_counts_are_forgotten(tenant):
    came(1, timedelta(weeks=3))
    came(1)
    counting.forget(before=NOW - counting.KEPT)
    assert len(kept()) == 1


def test_a_rival_counts_its_own(tenant, rival, as_tenant):
    came(5)
    with as_tenant(rival):
        assert counting.counts("ad.click", minutes=60, now=NOW).now == 0
