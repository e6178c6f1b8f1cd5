"""Verification: a whole log is whole, and whatever is done to one is named."""

import random

import pytest
from django.db import connection, transaction

from eventlog.append import append
from eventlog.merkle import notes
from eventlog.merkle.tiles import WIDTH
from eventlog.seal import queries, sealer, signing, statements, verify
from eventlog.seal.damage import Kind
from tests.conftest import fresh_tenant
from tests.eventlog.events import NOON, event, settle
from tests.eventlog.seal import attacks

SIZE = 600


def report(remembered=None):
    state = verify.begin()
    while not state.done:
        state = verify.step(state, now=NOON, remembered=remembered)
    return verify.finish(state, now=NOON, remembered=remembered)


@pytest.fixture(scope="module")
def log(django_db_setup, django_db_blocker):
    """600 events in nine checkpoints; attacks on it are undone."""
    with django_db_blocker.unblock(), fresh_tenant() as tenant:
        append([event(number) for number in range(SIZE)], recorded_at=NOON)
        settle()
        sealer.catch_up(now=NOON, limit=70)
        yield tenant


@pytest.fixture(autouse=True)
def _active(log, _shared_schema, django_db_blocker):
    with django_db_blocker.unblock():
        connection.set_tenant(log)
        yield


def test_a_whole_log_is_whole():
    with transaction.atomic():
        append([event(number) for number in range(SIZE, SIZE + 3)], recorded_at=NOON)
        found = report(statements.remembered(queries.latest().note))
        transaction.set_rollback(True)
    assert found.damages == ()
    assert (found.size, found.verified, found.checkpoints, found.unsealed) == (SIZE, SIZE, 9, 3)


def test_an_empty_log_is_whole(committed_tenant):
    assert report().whole


@pytest.mark.parametrize("attack", attacks.ALL, ids=lambda each: each.__name__)
@pytest.mark.parametrize("seed", [1, 2])
def test_it_names_the_event(attack, seed):
    remembered = statements.remembered(queries.latest().note)
    with attacks.superuser() as owner:
        touched = attack(owner, random.Random(seed), SIZE)
        found = report(remembered)

    assert not found.whole
    first = found.damages[0]
    assert touched.exactly(first) or touched.roughly(first), found.damages[:3]


@pytest.mark.parametrize("attack", [attacks.rewritten_and_cut, attacks.tail_deleted_clean])
def test_who_remembers_a_checkpoint_finds_what_the_database_alone_hides(attack):
    remembered = statements.remembered(queries.latest().note)
    with attacks.superuser() as owner:
        attack(owner, random.Random(3), SIZE)
        found = report(remembered)
    assert {each.kind for each in found.damages} <= {Kind.TAIL_DELETED, Kind.REWRITTEN}
    assert not found.whole


def test_a_deleted_tail_is_called_so():
    with attacks.superuser() as owner:
        attacks.tail_deleted(owner, random.Random(5), SIZE)
        (found,) = report().damages
    assert found.kind is Kind.TAIL_DELETED


def test_a_log_signed_anew_with_a_key_of_ones_own_is_found():
    """History rewritten, every checkpoint signed again, with a key put into the table."""
    with attacks.superuser() as owner:
        attacks.rewritten(owner, random.Random(2), SIZE)
        secret = notes.new_private_key()
        owner.execute("UPDATE log_key SET public = %s", [notes.public_of(secret)])
        _sign_again(owner, secret)
        found = report()
    assert Kind.BAD_KEY in {each.kind for each in found.damages}


def test_a_log_signed_anew_with_a_stolen_old_key_is_found(committed_tenant, sealed):
    sealed(0, 40, limit=30)
    (old,) = signing.known()
    stolen = signing.private(old, now=NOON)
    signing.rotate(now=NOON)
    settle()
    sealer.catch_up(now=NOON)
    with attacks.superuser() as owner:
        owner.execute("DELETE FROM log_checkpoint WHERE size <= 40")
        attacks.rewritten(owner, random.Random(2), 40)
        _sign_again(owner, stolen)
        found = report()
    assert Kind.BAD_CHECKPOINT in {each.kind for each in found.damages}


def _sign_again(owner, secret):
    for size, note in owner.execute("SELECT size, note FROM log_checkpoint").fetchall():
        said, _ = notes.parse(note)
        root = queries.root_at(size)
        forged = notes.Checkpoint(origin=said.origin, size=size, root=root, sealed=said.sealed)
        owner.execute(
            "UPDATE log_checkpoint SET root = %s, note = %s WHERE size = %s",
            [root, notes.sign(forged, by=[secret]), size],
        )


def test_a_remembered_checkpoint_of_another_log_is_refused():
    said, _ = notes.parse(queries.latest().note)
    with pytest.raises(statements.ForeignCheckpoint):
        statements.remembered(notes.sign(said, by=[notes.new_private_key()]))


def test_it_goes_on_where_it_stopped(monkeypatch):
    monkeypatch.setattr(verify, "PAGE", WIDTH)
    whole = report()
    state = verify.step(verify.begin(), now=NOON)
    again = verify.State(**{name: getattr(state, name) for name in state.__slots__})
    while not again.done:
        again = verify.step(again, now=NOON)
    assert verify.finish(again, now=NOON) == whole
    assert whole.whole


def test_an_event_changed_before_it_was_sealed_is_named():
    with transaction.atomic():
        append([event(SIZE)], recorded_at=NOON)
        with attacks.superuser() as owner:
            owner.execute("UPDATE event SET source = 'x' WHERE id = %s", [event(SIZE).id])
            (found,) = report().damages
        transaction.set_rollback(True)
    assert (found.event, found.kind) == (event(SIZE).id, Kind.CHANGED)
