"""Subjects' keys move under a new tenant key and open what they opened."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from eventlog.keys import store
from eventlog.keys.wrap import fingerprint
from eventlog.subjects import keys, rewrap
from eventlog.subjects.memory import ERASED

NOW = datetime(2026, 11, 20, tzinfo=UTC)
PEOPLE = [f"person-{number:02}" for number in range(25)]


def states():
    return keys.states(PEOPLE, needed=[], epoch=None, now=NOW)


def wrapping_keys():
    """The fingerprints of the keys that subjects' keys are wrapped under."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wrapped FROM subject_key WHERE wrapped IS NOT NULL")
        return {bytes(wrapped)[1:9] for (wrapped,) in cursor.fetchall()}


@pytest.fixture
def people(acme, as_tenant, monkeypatch):
    """Twenty-five people with keys, one of them erased; acme's schema is active."""
    monkeypatch.setattr(rewrap, "AT_ONCE", 10)
    with as_tenant(acme):
        keys.states(PEOPLE, needed=PEOPLE, epoch=None, now=NOW)
        keys.erase([PEOPLE[3]], now=NOW)
        yield acme


def test_the_same_keys_open_under_the_new_one(people):
    before = states()
    store.rotate(now=NOW)
    newest = store.tenant_keys(now=NOW)[0]
    assert rewrap.left(now=NOW) == 24

    assert list(rewrap.rewrap(now=NOW)) == [10, 10, 4]

    assert states() == before
    assert before[PEOPLE[3]] == ERASED
    assert wrapping_keys() == {fingerprint(newest)}
    assert rewrap.left(now=NOW) == 0
    assert list(rewrap.rewrap(now=NOW)) == []


def test_stopped_in_between_it_goes_on(people):
    before = states()
    store.rotate(now=NOW)
    next(rewrap.rewrap(now=NOW))
    assert rewrap.left(now=NOW) == 14
    assert states() == before

    assert sum(rewrap.rewrap(now=NOW)) == 14
    assert states() == before


def test_the_command_rotates_one_tenant_and_says_so(people, rival, as_tenant, capsys):
    with as_tenant(rival):
        keys.states(["rita"], needed=["rita"], epoch=None, now=NOW)
        theirs = wrapping_keys()

    call_command("rotate_key", tenant="acme")

    said = capsys.readouterr().out
    assert "Key 2 of acme made" in said
    assert "24 keys of people" in said
    with as_tenant(rival):
        assert wrapping_keys() == theirs
    call_command("rotate_key", "--continue", tenant="acme")
    assert "\n0 keys of people" in capsys.readouterr().out


def test_an_unknown_tenant_is_said(people):
    with pytest.raises(CommandError, match="nobody"):
        call_command("rotate_key", tenant="nobody")
