"""Reading in order and moving the cursor in the transaction of the effect."""

import threading

import pytest
from django.db import connection, transaction

from eventlog import read, subscriptions
from eventlog.append import append
from eventlog.contracts import START, Cursor, Lag
from eventlog.subscriptions import Subscription, UnknownSubscription
from tests.eventlog.events import NOON, event, settle


@pytest.fixture
def seen():
    """A subscription that keeps the numbers of what it saw in a table, like a real projection."""

    def handle(events):
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO first_seen (id, occurred_at) VALUES (%s, %s)",
                [(each.id, each.occurred_at) for each in events],
            )
        handled.extend(each.position for each in events)

    handled: list[int] = []
    subscriptions.register(Subscription(name="test-numbers", handle=handle, reset=handled.clear))
    yield handled
    subscriptions._registered.pop("test-numbers")


def in_thread(work):
    """Run ``work`` on a connection of its own and give back what it raised, if anything."""
    raised = []

    def run():
        try:
            work()
        except Exception as error:  # noqa: BLE001  # handed to the caller's assertion
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=60)
    assert not thread.is_alive()
    return raised


def made_chunk():
    """Append an event so that the chunk exists: a transaction that makes one holds others up."""
    append([event(0)], recorded_at=NOON)
    settle()
    return read.head()


def test_it_reads_in_log_order_and_stops_at_the_end(committed_tenant):
    append([event(number) for number in range(7)], recorded_at=NOON)
    settle()
    first = read.tail(limit=4)
    rest = read.tail(after=first[-1].cursor, limit=4)
    assert [each.id for each in first + rest] == [event(number).id for number in range(7)]
    assert read.tail(after=rest[-1].cursor, limit=4) == []
    assert read.head() == rest[-1].cursor


def test_it_never_steps_over_an_event_that_commits_late(committed_tenant):
    """A slow writer draws its position first and commits last; the reader waits for it."""
    start = made_chunk()
    with transaction.atomic():
        append([event(1)], recorded_at=NOON)

        def faster():
            connection.set_tenant(committed_tenant)
            append([event(2)], recorded_at=NOON)

        assert in_thread(faster) == []
        elsewhere = []

        def reader():
            connection.set_tenant(committed_tenant)
            elsewhere.extend(read.tail(after=start, limit=10))

        assert in_thread(reader) == []
        assert elsewhere == []
    settle()
    after = read.tail(after=start, limit=10)
    assert {each.id for each in after} == {event(1).id, event(2).id}
    assert after == sorted(after, key=lambda each: each.cursor)


def test_it_never_steps_over_a_position_drawn_late_by_an_old_transaction(committed_tenant):
    """The old transaction writes after the young one committed: a higher position, a lower xid."""
    start = made_chunk()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")

        def young():
            connection.set_tenant(committed_tenant)
            append([event(1)], recorded_at=NOON)

        assert in_thread(young) == []
        append([event(2)], recorded_at=NOON)
    settle()
    first, second = read.tail(after=start, limit=10)
    assert first.position > second.position
    assert first.xid < second.xid
    assert read.tail(after=first.cursor, limit=10) == [second]


def test_it_applies_each_event_once_and_remembers_where_it_was(committed_tenant, seen):
    append([event(number) for number in range(5)], recorded_at=NOON)
    settle()
    assert subscriptions.advance("test-numbers", limit=2) == 2
    assert subscriptions.catch_up("test-numbers", limit=2) == 3
    assert subscriptions.advance("test-numbers") == 0
    assert seen == sorted(seen)
    assert len(seen) == 5


def test_it_moves_neither_cursor_nor_effect_when_the_handler_fails(committed_tenant, seen):
    append([event(1)], recorded_at=NOON)
    settle()
    failing = Subscription(name="test-numbers", handle=refuse, reset=seen.clear)
    working = subscriptions._registered["test-numbers"]
    subscriptions.register(failing)
    with pytest.raises(ValueError, match="no"):
        subscriptions.advance("test-numbers")
    subscriptions.register(working)
    assert subscriptions.advance("test-numbers") == 1


def refuse(events):
    raise ValueError("no")


def test_it_lets_only_one_process_at_a_subscription(committed_tenant, seen):
    append([event(1)], recorded_at=NOON)
    settle()
    subscriptions.advance("test-numbers")
    append([event(2)], recorded_at=NOON)
    settle()
    with transaction.atomic():
        subscriptions.hold("test-numbers")
        applied = []

        def other():
            connection.set_tenant(committed_tenant)
            applied.append(subscriptions.advance("test-numbers"))

        assert in_thread(other) == []
    assert applied == [0]
    assert subscriptions.advance("test-numbers") == 1


def test_it_rebuilds_from_the_start(committed_tenant, seen):
    append([event(number) for number in range(3)], recorded_at=NOON)
    settle()
    subscriptions.catch_up("test-numbers")
    incremental = list(seen)
    subscriptions.register(
        Subscription(
            name="test-numbers",
            handle=lambda batch: seen.extend(each.position for each in batch),
            reset=seen.clear,
        )
    )
    assert subscriptions.rebuild("test-numbers", limit=2) == 3
    assert seen == incremental


def of_shape(shape, built):
    """The subscription of a release: ``built`` gets what each shape has built."""
    mine = built.setdefault(shape, [])

    def empty():
        for each in built.values():
            each.clear()

    subscriptions.register(
        Subscription(
            name="test-shapes",
            shape=shape,
            handle=lambda events: mine.extend(each.position for each in events),
            reset=empty,
        )
    )


def test_what_an_older_shape_has_built_is_built_anew(committed_tenant):
    append([event(number) for number in range(5)], recorded_at=NOON)
    settle()
    built: dict[int, list[int]] = {}
    try:
        of_shape(1, built)
        subscriptions.catch_up("test-shapes")
        of_shape(2, built)
        subscriptions.catch_up("test-shapes", limit=2)
    finally:
        subscriptions._registered.pop("test-shapes")
    assert built[1] == []
    assert len(built[2]) == 5


def test_the_release_before_leaves_a_later_shape_alone(committed_tenant):
    append([event(0)], recorded_at=NOON)
    settle()
    built: dict[int, list[int]] = {}
    try:
        of_shape(2, built)
        subscriptions.catch_up("test-shapes")
        append([event(1)], recorded_at=NOON)
        settle()
        of_shape(1, built)
        assert subscriptions.catch_up("test-shapes") == 0
    finally:
        subscriptions._registered.pop("test-shapes")
    assert built[1] == []
    assert len(built[2]) == 1


def test_it_says_how_far_behind_it_is(committed_tenant, seen):
    append([event(number) for number in range(3)], recorded_at=NOON)
    lag = {each.name: each for each in subscriptions.lags()}["test-numbers"]
    assert lag.events == 3
    assert lag.seconds > 0
    settle()
    subscriptions.catch_up("test-numbers")
    lag = {each.name: each for each in subscriptions.lags()}["test-numbers"]
    assert (lag.events, lag.seconds) == (0, 0.0)


def test_it_knows_what_is_registered():
    with pytest.raises(UnknownSubscription):
        subscriptions.advance("nobody")


def test_it_starts_before_everything():
    assert Cursor(1, 0) > START


def test_what_an_event_has_left_to_do_is_done_step_by_step_behind_new_events(committed_tenant):
    left = [3]

    def step():
        left[0] -= 1
        return left[0] >= 0

    handled = []
    subscriptions.register(
        Subscription(name="test-settling", handle=handled.extend, reset=handled.clear, settle=step)
    )
    append([event(0)], recorded_at=NOON)
    settle()

    try:
        assert subscriptions.catch_up("test-settling") == 1
        assert (len(handled), left) == (1, [-1])
        assert not subscriptions.settle("test-settling")
    finally:
        subscriptions._registered.pop("test-settling")


def late(seconds):
    return Lag(name="counts", events=1, seconds=seconds, idle_seconds=0.0)


def test_whoever_holds_a_reader_waits_until_it_is_through(monkeypatch):
    seen = iter([3.0, 1.0, 0.1, 9.0])
    monkeypatch.setattr(subscriptions, "lag", lambda _: late(next(seen)))
    monkeypatch.setattr(subscriptions, "_PAUSE_SECONDS", 0.0)
    subscriptions.give_way("counts")
    assert next(seen) == 9.0


def test_it_does_not_wait_for_a_reader_that_stands_still(monkeypatch):
    monkeypatch.setattr(subscriptions, "lag", lambda _: late(3_600.0))
    subscriptions.give_way("counts", at_most=0.0)
