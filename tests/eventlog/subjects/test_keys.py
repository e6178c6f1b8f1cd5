from datetime import UTC, datetime

import pytest
from django.db import connection

from eventlog.contracts import NoTenant
from eventlog.subjects import keys
from eventlog.subjects.memory import ERASED, KEYLESS, Memory

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def known(*subjects, needed=(), epoch=None):
    return keys.states(subjects, needed=needed, epoch=epoch, now=NOW)


@pytest.fixture
def within(acme, as_tenant):
    """Acme's schema is active."""
    with as_tenant(acme):
        yield acme


def test_it_makes_a_key_for_those_who_need_one(within):
    found = known("ada", "bob", needed=["ada"])

    assert found["bob"] == KEYLESS
    assert found["ada"] == known("ada")["ada"]


def test_it_gives_every_subject_a_key_of_its_own(within):
    found = known("ada", "bob", needed=["ada", "bob"])

    assert found["ada"] != found["bob"]


def test_it_stores_no_key_in_clear(within, monkeypatch):
    monkeypatch.setattr(keys.wrapping, "new_key", lambda: b"clearly-seen-key-of-thirty-2-byt")
    known("ada", needed=["ada"])

    with connection.cursor() as cursor:
        cursor.execute("SELECT wrapped FROM subject_key")
        [(wrapped,)] = cursor.fetchall()
    assert b"clearly" not in bytes(wrapped)


def test_an_erased_subject_has_no_key_and_gets_none(within):
    known("ada", needed=["ada"])

    assert keys.erase(["ada", "never-seen"], now=NOW) == 2

    assert known("ada", "never-seen", needed=["ada"]) == {"ada": ERASED, "never-seen": ERASED}
    assert keys.ciphers(["ada"], now=NOW) == {}


def test_erasing_again_changes_nothing(within):
    keys.erase(["ada"], now=NOW)

    assert keys.erase(["ada"], now=NOW) == 0


def test_the_application_may_not_remove_the_mark(within):
    from django.db import transaction
    from django.db.utils import ProgrammingError

    keys.erase(["ada"], now=NOW)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM subject_key")


def test_a_rival_has_other_keys_for_the_same_subject(within, rival, as_tenant):
    mine = known("ada", needed=["ada"])["ada"]
    with as_tenant(rival):
        assert known("ada")["ada"] == KEYLESS
        assert mine != known("ada", needed=["ada"])["ada"]


def test_it_wants_a_tenant(db):
    with pytest.raises(NoTenant):
        known("ada")


def test_it_remembers_within_an_epoch(within, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(keys, "_memory", Memory(10))
    monkeypatch.setattr(keys.transaction, "on_commit", lambda act: act())
    known("ada", needed=["ada"], epoch=0)

    with django_assert_num_queries(0):
        known("ada", needed=["ada"], epoch=0)


def test_it_forgets_when_an_epoch_ends(within, monkeypatch):
    monkeypatch.setattr(keys, "_memory", Memory(10))
    monkeypatch.setattr(keys.transaction, "on_commit", lambda act: act())
    known("ada", needed=["ada"], epoch=0)
    keys.erase(["ada"], now=NOW)

    assert known("ada", needed=["ada"], epoch=1) == {"ada": ERASED}


def test_it_remembers_nothing_that_may_be_rolled_back(within, monkeypatch):
    monkeypatch.setattr(keys, "_memory", Memory(10))
    known("ada", needed=["ada"], epoch=0)  # the test's own transaction does not end

    assert keys._memory.recall(within.schema_name, 0, ["ada"]) == {}
