"""The ledger: rejections make spend due, restorations withdraw it, settlements lower it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from attribution import handlers
from eventlog import catalogue
from eventlog.contracts import StoredEvent
from fraud.refunds import commands, projection, queries
from kernel.errors import InvalidInput, NotFound
from tests.attribution.stories import START, click, source_rejected, source_restored, spend

NOW = datetime(2026, 9, 20, tzinfo=UTC)


def logged():
    """The ledger's events in the order of the log, a test's own transaction included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xid::text::bigint, position, id, type, version, subject, occurred_at,"
            " recorded_at, source, payload::text FROM event WHERE type LIKE 'fraud.%'"
            " ORDER BY position"
        )
        return [StoredEvent(*row) for row in cursor.fetchall()]


def kept():
    """Bring the ledger up to date as the worker and the projector do."""
    commands.keep_up(now=NOW)
    projection.reset()
    projection.handle(logged())
    return queries.refunds()


def rejected_on_day_six():
    decided = source_rejected(40, "farm")
    return decided._replace(occurred_at=START + timedelta(days=6))


@pytest.fixture
def shop(acme, as_tenant):
    """A shop that paid 10 a day to two publishers, and rejected one of them."""
    with as_tenant(acme):
        handlers.handle(
            [
                click(1, "ann", 2, "Farm"),
                click(2, "bob", 3, "Honest"),
                *(spend(10 + day, day, "Display", 10.0, source="farm") for day in range(6)),
                *(spend(20 + day, day, "Display", 10.0, source="honest") for day in range(6)),
                rejected_on_day_six(),
            ]
        )
        yield acme


def test_what_a_rejected_publisher_cost_is_due_once(shop):
    (line,) = kept()
    assert (line.source, line.amount, line.currency, line.open) == ("farm", 60.0, "EUR", 60.0)
    assert len(kept()) == 1
    assert len(logged()) == 1


def test_it_is_due_for_the_days_that_were_rejected(acme, as_tenant):
    day = (START + timedelta(days=2)).date().isoformat()
    with as_tenant(acme):
        handlers.handle(
            [
                *(spend(10 + each, each, "Display", 10.0, source="farm") for each in range(6)),
                source_rejected(40, "farm", day, day),
            ]
        )
        (line,) = kept()
    assert line.amount == 10.0


def test_a_day_is_due_once_however_many_rejections_hold_for_it(shop):
    day = (START + timedelta(days=2)).date().isoformat()
    again = source_rejected(41, "farm", day, day)._replace(occurred_at=START + timedelta(days=7))
    late = source_rejected(42, "farm")._replace(occurred_at=START + timedelta(days=8))
    handlers.handle([again, spend(70, 7, "Display", 5.0, source="farm"), late])
    lines = kept()
    assert sorted(line.amount for line in lines) == [5.0, 60.0]
    assert sum(line.amount for line in kept()) == 65.0


def test_costs_that_come_later_become_due_then(acme, as_tenant):
    with as_tenant(acme):
        handlers.handle([click(1, "ann", 2, "Farm"), rejected_on_day_six()])
        assert kept() == []
        handlers.handle([spend(50, 3, "Display", 25.0, source="farm")])
        assert [line.amount for line in kept()] == [25.0]


def test_a_rejection_taken_back_is_no_longer_due(shop):
    kept()
    handlers.handle([source_restored(60, 40)])
    (line,) = kept()
    assert line.withdrawn_at is not None
    assert line.open == 0.0
    assert queries.balances([line]) == []


def test_what_came_back_lowers_what_is_owed_and_may_be_corrected(shop):
    (line,) = kept()
    number = UUID(line.decision)
    commands.settle(number, received=35.5, note="CN 1", actor="m", now=NOW)
    (line,) = kept()
    assert (line.received, line.open, line.note) == (35.5, 24.5, "CN 1")

    commands.settle(number, received=60, note="CN 2", actor="m", now=NOW + timedelta(hours=1))
    (line,) = kept()
    assert (line.received, line.open) == (60.0, 0.0)
    (balance,) = queries.balances([line])
    assert (balance.due, balance.received, balance.open) == (60.0, 60.0, 0.0)


def test_more_than_was_due_leaves_nothing_owed(shop):
    (line,) = kept()
    commands.settle(UUID(line.decision), received=100, note="", actor="m", now=NOW)
    assert kept()[0].open == 0.0


@pytest.mark.parametrize("received", [-0.01, 1e13])
def test_an_amount_that_can_not_be_is_refused(shop, received):
    (line,) = kept()
    with pytest.raises(InvalidInput):
        commands.settle(UUID(line.decision), received=received, note="", actor="m", now=NOW)


def test_what_is_not_in_the_ledger_can_not_be_settled(shop):
    with pytest.raises(NotFound):
        commands.settle(UUID(int=7), received=1, note="", actor="m", now=NOW)


def test_what_was_taken_back_can_not_be_settled(shop):
    kept()
    handlers.handle([source_restored(60, 40)])
    (line,) = kept()
    with pytest.raises(InvalidInput):
        commands.settle(UUID(line.decision), received=1, note="", actor="m", now=NOW)


def test_event_by_event_it_is_the_same_ledger(shop):
    kept()
    (line,) = queries.refunds()
    commands.settle(UUID(line.decision), received=1, note="", actor="m", now=NOW)
    handlers.handle([source_restored(60, 40)])
    whole = kept()
    projection.reset()
    for each in logged():
        projection.handle([each])
    assert queries.refunds() == whole


def test_its_events_are_in_the_catalogue():
    names = {name for name, _, _ in catalogue.all_types()}
    assert {"fraud.refund_due", "fraud.refund_withdrawn", "fraud.refund_settled"} <= names


def test_a_rival_owes_and_is_owed_nothing(shop, rival, as_tenant):
    kept()
    with as_tenant(rival):
        assert kept() == []


def test_the_page_lists_settles_and_exports(shop, acme_owner_client, as_tenant):
    (line,) = kept()
    page = acme_owner_client.get("/fraud/refunds/").content.decode()
    assert "€60.00" in page
    path = f"/fraud/refunds/{line.decision}/"
    assert acme_owner_client.post(path, {"received": "12,000.50"}).status_code == 302
    with as_tenant(shop):
        assert kept()[0].received == 12_000.5
    lines = acme_owner_client.get("/fraud/refunds/?format=csv").content.decode().splitlines()
    assert lines[0].startswith("decision,source")
    assert len(lines) == 2


@pytest.mark.parametrize("received", ["", "much", "nan", "inf", "-1"])
def test_the_page_refuses_what_is_no_amount(shop, acme_owner_client, received):
    (line,) = kept()
    answer = acme_owner_client.post(f"/fraud/refunds/{line.decision}/", {"received": received})
    assert answer.status_code == 400


def test_nothing_owed_says_so(acme_owner_client):
    assert "Nobody owes you anything" in acme_owner_client.get("/fraud/refunds/").content.decode()


def test_the_api_has_balances_and_lines(shop, client, acme_key, rival_key):
    kept()
    header = {"authorization": f"Bearer {acme_key}"}
    found = client.get("/api/v1/fraud/refunds", headers=header).json()
    assert found["balances"] == [
        {"source": "farm", "currency": "EUR", "due": 60.0, "received": 0.0, "open": 60.0}
    ]
    assert found["refunds"][0]["open"] == 60.0
    header = {"authorization": f"Bearer {rival_key}"}
    assert client.get("/api/v1/fraud/refunds", headers=header).json()["refunds"] == []
