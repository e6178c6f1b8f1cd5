"""Sealing: every leaf once, in log order, whole or not at all, by one process at a time."""

import threading
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError

from eventlog import projector, read
from eventlog.append import append
from eventlog.contracts import START
from eventlog.merkle import notes, tree
from eventlog.seal import queries, sealer, signing
from tenants import provisioning
from tenants.models import Tenant
from tests.eventlog.events import NOON, event, settle
from tests.eventlog.merkle.reference import root


def stored_leaves():
    with connection.cursor() as cursor:
        cursor.execute("SELECT leaf FROM event ORDER BY xid, position")
        return [bytes(row[0]) for row in cursor.fetchall()]


def verifiers():
    return [key.verifier for key in signing.known()]


def test_it_seals_the_leaves_in_log_order_and_signs_their_root(committed_tenant, sealed):
    assert sealed(0, 600) == 600
    checkpoint = queries.latest()
    assert checkpoint.size == 600
    assert checkpoint.root == root(stored_leaves())
    assert checkpoint.cursor == read.head()
    assert notes.parse(checkpoint.note)[0].root == checkpoint.root
    (signer,) = notes.signers(checkpoint.note, verifiers())
    assert signer.name == f"{committed_tenant.slug}.localhost/log"


def test_it_does_nothing_when_nothing_waits(committed_tenant, sealed):
    assert sealer.seal(now=NOON) == 0
    with pytest.raises(queries.NoCheckpoint):
        queries.latest()
    sealed(0, 3)
    assert sealer.seal(now=NOON) == 0
    assert len(queries.history(limit=10)) == 1


def test_chunks_give_the_tree_of_one_go(committed_tenant, sealed):
    sealed(0, 700, limit=64)
    assert queries.latest().root == root(stored_leaves())
    sizes = [each.size for each in queries.history(limit=100)]
    assert sizes == [700, *range(640, 0, -64)]
    for each in queries.history(limit=100):
        assert queries.root_at(each.size) == each.root
        path = queries.consistency(old=each.size, new=700)
        assert tree.extends(
            old=each.size, old_root=each.root, new=700, new_root=queries.latest().root, path=path
        )


def test_every_event_is_proved_by_few_rows(committed_tenant, sealed, django_assert_num_queries):
    sealed(0, 600, limit=250)
    leaves, checkpoint = stored_leaves(), queries.latest()
    for number in (0, 255, 256, 599):
        (leaf,) = queries.leaves_of(event(number).id, size=600)
        with django_assert_num_queries(2):
            proof = queries.inclusion(leaf, size=600)
        assert proof.leaf_hash == leaves[leaf.index]
        assert (
            tree.root_from_path(leaf=proof.leaf_hash, index=leaf.index, size=600, path=proof.path)
            == checkpoint.root
        )


def test_a_crash_leaves_the_tree_where_it_was(committed_tenant, sealed, monkeypatch):
    sealed(0, 300)
    append([event(number) for number in range(300, 600)], recorded_at=NOON)
    settle()

    def crash(*_):
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(sealer, "_move", crash)  # the last step of the transaction
        with pytest.raises(RuntimeError):
            sealer.seal(now=NOON)
    assert queries.latest().size == 300
    assert sealer.seal(now=NOON) == 300
    assert queries.latest().root == root(stored_leaves())


def test_only_one_process_seals_a_log(committed_tenant, sealed):
    sealed(0, 3)
    append([event(3)], recorded_at=NOON)
    settle()
    found = []

    def other():
        connection.set_tenant(committed_tenant)
        found.append(sealer.seal(now=NOON))
        connection.close()

    with transaction.atomic():
        assert sealer._claim() is not None
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(timeout=60)
    assert found == [0]
    assert sealer.seal(now=NOON) == 1


def test_a_cursor_leads_to_the_first_checkpoint_that_covers_it(committed_tenant, sealed):
    sealed(0, 5, limit=2)
    cursors = [each.cursor for each in read.tail(limit=10)]
    assert [queries.covering(each).size for each in cursors] == [2, 2, 4, 4, 5]
    assert queries.covering(START).size == 2
    append([event(5)], recorded_at=NOON)
    assert queries.covering(read.latest(limit=1)[0].cursor) is None
    assert queries.waiting() == 1


@pytest.mark.parametrize("table", ["log_tile", "log_leaf", "log_checkpoint", "log_key"])
@pytest.mark.parametrize("change", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
def test_nobody_changes_evidence(committed_tenant, sealed, table, change):
    sealed(0, 300)
    column = {"log_tile": "level", "log_leaf": "id", "log_checkpoint": "size"}.get(table, "name")
    statement = change.format(table, column)
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute(statement)
    with (
        provisioning.as_owner(),
        connection.cursor() as cursor,
        pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="append-only"),
        drivers_error(),
    ):
        cursor.execute(statement)


@contextmanager
def drivers_error():
    """Show the driver's own error, which carries the trigger's code."""
    try:
        yield
    except DatabaseError as error:
        raise error.__cause__ from None


def test_a_new_key_signs_and_the_old_one_still_verifies(committed_tenant, sealed):
    sealed(0, 3)
    old = queries.latest()
    fresh = signing.rotate(now=NOON)
    settle()
    assert sealer.seal(now=NOON) == 1
    both = queries.latest()
    sealed(3, 4)
    first, second = verifiers()
    assert fresh.verifier == second
    assert notes.signers(old.note, [first, second]) == (first,)
    assert notes.signers(both.note, [first, second]) == (first, second)
    assert notes.signers(queries.latest().note, [first, second]) == (second,)
    assert read.tail(limit=10)[3].type == "log.key_rotated"


def test_the_private_key_is_not_in_the_database(committed_tenant, sealed):
    sealed(0, 1)
    (key,) = signing.known()
    secret = signing.private(key, now=NOON)
    assert notes.public_of(secret) == key.verifier.public
    assert secret not in key.wrapped


def test_the_projector_seals(committed_tenant):
    append([event(number) for number in range(5)], recorded_at=NOON)
    settle()
    assert projector.seal_some(committed_tenant.schema_name) == 5
    assert queries.latest().size == 5


def test_a_log_that_cannot_be_sealed_does_not_stop_the_others(committed_tenant, sealed, settings):
    sealed(0, 1)
    settings.MASTER_KEYS = (b"x" * 32,)
    append([event(1)], recorded_at=NOON)
    settle()
    assert projector.seal_some(committed_tenant.schema_name) == 0
    assert queries.latest().size == 1


def test_a_tenant_sees_its_own_tree_only(committed_tenant, sealed, as_tenant):
    sealed(0, 3)
    with as_tenant(Tenant.objects.get(slug="rival")):
        assert queries.leaves_of(event(0).id, size=3) == []
        with pytest.raises(queries.NoCheckpoint):
            queries.latest()
