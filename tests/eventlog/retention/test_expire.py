"""Old events about people go, what figures and duties stand on stays, and every proof holds."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from eventlog import catalogue, read
from eventlog.append import append
from eventlog.contracts import START
from eventlog.merkle import tree
from eventlog.retention.expire import expire, expiries
from eventlog.seal import queries, sealer, statements, verify
from eventlog.seal.damage import Kind
from tests.eventlog.events import event, settle
from tests.eventlog.seal import attacks

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAYS = 100
PEOPLE, STAYING = "web.page", "spend.recorded"


def at(day, number, kind=PEOPLE):
    return event(number, type=kind, occurred_at=NOW - timedelta(days=DAYS - day, hours=3))


@pytest.fixture
def log(committed_tenant):
    """A hundred days with five visits and one figure of spend each, those of day 90 come first."""
    days = [90, *range(90), *range(91, DAYS)]
    for turn, day in enumerate(days):
        kinds = [PEOPLE] * 5 + [STAYING]
        append(
            [at(day, 10 * turn + number, kind) for number, kind in enumerate(kinds)],
            recorded_at=NOW,
        )
    settle()
    return committed_tenant


def report(remembered=None):
    state = verify.begin()
    while not state.done:
        state = verify.step(state, now=NOW, remembered=remembered)
    return verify.finish(state, now=NOW, remembered=remembered)


def events():
    return read.tail(after=START, limit=10_000)


def test_it_drops_what_is_about_people_and_keeps_the_rest(log):
    found = expire(before=NOW - timedelta(days=40), now=NOW)
    settle()

    left = events()
    assert NOW - timedelta(days=48) < found.before <= NOW - timedelta(days=40)
    gone = sum(at(day, 0).occurred_at < found.before for day in range(DAYS)) * 5
    assert found.events == gone > 200
    assert sum(each.type == STAYING for each in left) == DAYS
    assert sum(each.type == PEOPLE for each in left) == 5 * DAYS - gone
    assert min(each.occurred_at for each in left if each.type == PEOPLE) >= found.before
    (said,) = [each for each in left if each.type == "log.expired"]
    assert said.id == found.event_id
    assert [each.events for each in expiries()] == [gone]


def test_what_stays_stands_where_it_stood(log):
    before = [each for each in events() if each.type == STAYING]
    expire(before=NOW - timedelta(days=40), now=NOW)
    settle()
    assert [each for each in events() if each.type == STAYING] == before


def test_earlier_and_later_proofs_stand(log):
    sealer.catch_up(now=NOW, limit=70)
    earlier = queries.latest()
    (leaf,) = queries.leaves_of(at(0, 10).id, size=earlier.size)
    proof = queries.inclusion(leaf, size=earlier.size)

    expire(before=NOW - timedelta(days=40), now=NOW)
    settle()
    sealer.catch_up(now=NOW)

    now = queries.latest()
    assert queries.inclusion(leaf, size=earlier.size) == proof
    for size, root in ((earlier.size, earlier.root), (now.size, now.root)):
        again = queries.inclusion(leaf, size=size)
        found = tree.root_from_path(
            leaf=again.leaf_hash, index=leaf.index, size=size, path=again.path
        )
        assert found == root
    path = queries.consistency(old=earlier.size, new=now.size)
    assert tree.extends(
        old=earlier.size, old_root=earlier.root, new=now.size, new_root=now.root, path=path
    )
    found = report(statements.remembered(earlier.note))
    assert found.damages == ()
    assert found.expired == expiries()[0].events


def test_it_is_whole_before_what_says_so_is_sealed(log):
    expire(before=NOW - timedelta(days=40), now=NOW)
    settle()
    assert report().whole


def test_it_goes_on_later_and_does_nothing_twice(log):
    first = expire(before=NOW - timedelta(days=60), now=NOW)
    assert expire(before=NOW - timedelta(days=60), now=NOW) is None
    second = expire(before=NOW - timedelta(days=40), now=NOW + timedelta(seconds=1))
    settle()
    assert second.events + first.events == report().expired
    assert report().whole


def test_nothing_old_is_nothing_to_do(committed_tenant):
    assert expire(before=NOW - timedelta(days=40), now=NOW) is None
    append([at(99, 1)], recorded_at=NOW)
    settle()
    assert expire(before=NOW - timedelta(days=40), now=NOW) is None


def test_it_refuses_what_is_younger_than_a_month(log):
    sealer.catch_up(now=NOW)
    with (
        pytest.raises(Exception, match="30 days"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT expire_events(now() - interval '29 days', ARRAY['web.page'])")


def test_it_refuses_what_is_not_sealed(log):
    with (
        pytest.raises(Exception, match="not sealed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT expire_events(now() - interval '40 days', ARRAY['web.page'])")


@pytest.mark.parametrize(
    "kind", ["tenant.signed_in", "consent.changed", "subject.erased", "log.expired"]
)
def test_it_refuses_to_let_evidence_go(log, kind):
    sealer.catch_up(now=NOW)
    with (
        pytest.raises(Exception, match="never expire"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT expire_events(now() - interval '40 days', ARRAY['web.page', %s])", [kind]
        )
    assert not [name for name in catalogue.expiring() if name == kind]


@pytest.mark.parametrize("kind", [PEOPLE, STAYING])
def test_an_old_event_that_did_not_expire_is_missed(log, kind):
    found = expire(before=NOW - timedelta(days=40), now=NOW)
    append([at(2, 5_000)], recorded_at=NOW)  # an old one that came late, and is still there
    settle()
    sealer.catch_up(now=NOW)
    assert report().whole
    with attacks.superuser() as owner:
        where = "WHERE type = %s AND occurred_at < %s"
        owner.execute(f"DELETE FROM event {where}", [kind, found.before])
        (wrong,) = report().damages
    assert wrong.kind is Kind.MISSING
    assert "by policy" in wrong.what


def test_a_record_that_no_event_bears_out_counts_for_nothing(log):
    sealer.catch_up(now=NOW)
    with attacks.superuser() as owner:
        owner.execute(
            "INSERT INTO log_expiry (before, events, event_id, noted_at)"
            " VALUES (%s, 1, gen_random_uuid(), %s)",
            [NOW, NOW],
        )
        owner.execute("DELETE FROM event WHERE id = %s", [at(0, 10).id])
        kinds = {each.kind for each in report().damages}
    assert kinds == {Kind.MISSING, Kind.TREE_DAMAGED}


def test_other_logs_are_left_alone(log, django_db_blocker):
    from tests.conftest import fresh_tenant

    with django_db_blocker.unblock(), fresh_tenant() as other:
        append([at(1, 1)], recorded_at=NOW)
        settle()
        connection.set_tenant(log)
        expire(before=NOW - timedelta(days=40), now=NOW)
        connection.set_tenant(other)
        assert len(events()) == 1
        connection.set_tenant(log)
