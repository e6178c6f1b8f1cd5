"""Raised once, told again only when worse; settled by people and by itself; all in the log."""

from datetime import timedelta

import pytest
from django.db import connection

from alerts import queries, raising
from alerts.contracts import Severity, State
from alerts.models import Alert, Delivery
from kernel.errors import InvalidInput, NotFound
from tests.alerts.conftest import NOW, raised

pytestmark = pytest.mark.usefixtures("quiet_worker")
HOUR = timedelta(hours=1)


@pytest.fixture
def tenant(acme, as_tenant):
    with as_tenant(acme):
        yield acme


def events():
    with connection.cursor() as cursor:
        cursor.execute("SELECT type FROM event WHERE type LIKE 'alert.%' ORDER BY position")
        return [name for (name,) in cursor.fetchall()]


def reasons():
    return list(Delivery.objects.order_by("pk").values_list("reason", flat=True))


def test_it_is_raised_once_however_often_it_is_found(tenant):
    first = raising.raise_alert(raised(), now=NOW)
    again = raising.raise_alert(raised(text="more of it"), now=NOW + HOUR)

    assert first == again
    found = queries.alert(first)
    assert (found.seen, found.text, found.last_at) == (2, "more of it", NOW + HOUR)
    assert reasons() == ["raised"]


def test_another_key_is_another_alert(tenant):
    assert raising.raise_alert(raised("a"), now=NOW) != raising.raise_alert(raised("b"), now=NOW)


def test_what_gets_worse_is_told_again(tenant):
    number = raising.raise_alert(raised(), now=NOW)
    raising.acknowledge(number, actor="m", now=NOW)
    raising.raise_alert(raised(severity=Severity.CRITICAL), now=NOW + HOUR)

    found = queries.alert(number)
    assert (found.severity, found.state) == (Severity.CRITICAL, State.OPEN)
    assert reasons() == ["raised", "worse"]


def test_what_gets_better_keeps_its_severity(tenant):
    number = raising.raise_alert(raised(severity=Severity.CRITICAL), now=NOW)
    raising.raise_alert(raised(), now=NOW + HOUR)
    assert queries.alert(number).severity is Severity.CRITICAL


def test_what_a_person_resolved_rests_for_a_week(tenant):
    number = raising.raise_alert(raised(), now=NOW)
    raising.resolve(number, actor="m", now=NOW)

    assert raising.raise_alert(raised(), now=NOW + timedelta(days=6)) is None
    assert raising.raise_alert(raised(), now=NOW + timedelta(days=8)) not in (None, number)


def test_it_does_not_rest_when_it_is_worse(tenant):
    raising.resolve(raising.raise_alert(raised(), now=NOW), actor="m", now=NOW)
    worse = raised(severity=Severity.CRITICAL)
    assert raising.raise_alert(worse, now=NOW + HOUR) is not None


def test_what_does_not_rest_is_raised_again_at_once(tenant):
    number = raising.raise_alert(raised(rests=False), now=NOW)
    raising.resolve(number, actor="m", now=NOW)
    assert raising.raise_alert(raised(rests=False), now=NOW) not in (None, number)


def test_what_is_found_no_more_is_resolved_and_may_come_back(tenant):
    number = raising.raise_alert(raised(), now=NOW)
    raising.settle("fraud.publisher", ["another"], now=NOW + HOUR)

    assert queries.alert(number).state is State.RESOLVED
    assert raising.raise_alert(raised(), now=NOW + 2 * HOUR) not in (None, number)


def test_the_address_of_its_page_may_be_long(tenant):
    number = raising.raise_alert(raised(path="/x/?source=" + "%F0%9F%90%A3" * 200), now=NOW)
    assert queries.alert(number).path.endswith("%A3")


def test_what_still_stands_is_left_open(tenant):
    number = raising.raise_alert(raised("a"), now=NOW)
    raising.settle("fraud.publisher", ["a"], now=NOW)
    raising.settle("rule.events", [], now=NOW)
    assert queries.alert(number).state is State.OPEN


def test_a_snoozed_one_wakes_and_is_told_again(tenant):
    number = raising.raise_alert(raised(), now=NOW)
    raising.snooze(number, until=NOW + HOUR, actor="m", now=NOW)
    raising.wake(now=NOW + HOUR / 2)
    assert queries.alert(number).state is State.SNOOZED

    raising.wake(now=NOW + HOUR)
    assert queries.alert(number).state is State.OPEN
    assert reasons() == ["raised", "again"]


@pytest.mark.parametrize("until", [NOW, NOW - HOUR, NOW + timedelta(days=31)])
def test_a_snooze_ends_within_thirty_days(tenant, until):
    number = raising.raise_alert(raised(), now=NOW)
    with pytest.raises(InvalidInput):
        raising.snooze(number, until=until, actor="m", now=NOW)


def test_what_is_resolved_is_settled_for_good(tenant):
    number = raising.raise_alert(raised(), now=NOW)
    raising.resolve(number, actor="m", now=NOW)
    with pytest.raises(InvalidInput):
        raising.acknowledge(number, actor="m", now=NOW)


def test_an_unknown_one_is_not_found(tenant):
    with pytest.raises(NotFound):
        raising.resolve(987_654, actor="m", now=NOW)


def test_each_step_is_an_event_of_the_log(tenant):
    before = len(events())
    number = raising.raise_alert(raised(), now=NOW)
    raising.acknowledge(number, actor="m", now=NOW)
    raising.resolve(number, actor="m", now=NOW)
    assert events()[before:] == ["alert.raised", "alert.changed", "alert.changed"]


def test_a_rival_has_none_of_it(tenant, rival, as_tenant):
    raising.raise_alert(raised(), now=NOW)
    with as_tenant(rival):
        assert not Alert.objects.exists()
        assert not Delivery.objects.exists()


def test_the_latest_of_each_key_is_found_whatever_became_of_it(tenant):
    first = raising.raise_alert(raised("a"), now=NOW)
    raising.settle("fraud.publisher", [], now=NOW)
    second = raising.raise_alert(raised("a"), now=NOW + HOUR)
    other = raising.raise_alert(raised("b"), now=NOW)
    raising.settle("fraud.publisher", ["a"], now=NOW + HOUR)

    found = queries.latest("fraud.publisher", ["a", "b", "c"])

    assert first != second
    assert {key: each.id for key, each in found.items()} == {"a": second, "b": other}
    assert queries.latest("fraud.ring", ["a"]) == {}
