"""``manage.py log``: says what it found, remembers what was signed, goes on where it stopped."""

import random
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection

from eventlog.seal import queries, verify
from evidence import remember, run, verifier
from evidence.management.commands import log as command
from tests.eventlog.events import NOON
from tests.eventlog.seal import attacks


def log(what, tenant, *arguments):
    call_command("log", what, "--tenant", tenant.slug, *arguments)
    connection.set_tenant(tenant)


def test_a_whole_log_is_said_to_be_and_remembered(sealed, capsys):
    log("verify", sealed)
    assert "The log is whole." in capsys.readouterr().out
    assert remember.recall().size == 300


def test_the_first_damaged_event_is_named(sealed, capsys):
    with attacks.superuser() as owner:
        touched = attacks.deleted(owner, random.Random(1), 300)
        report = run.verification(now=NOON)
    assert touched.exactly(report.damages[0])
    with pytest.raises(CommandError, match="damaged"):
        command.Command()._tell(report)
    assert str(next(iter(touched.ids))) in capsys.readouterr().out


def test_what_was_remembered_finds_a_tail_that_was_cut_off_cleanly(sealed):
    assert run.verification(now=NOON).whole
    with attacks.superuser() as owner:
        attacks.tail_deleted_clean(owner, random.Random(1), 300)
        assert not run.verification(now=NOON).whole
    assert run.verification(now=NOON).whole


def test_it_goes_on_where_it_stopped(sealed, capsys):
    kept = Path(django_settings.STATE) / "verifying" / f"{sealed.schema_name}.json"
    command._keep(kept, verify.step(verify.begin(), now=NOON))
    log("verify", sealed)
    assert "Going on behind leaf 300" in capsys.readouterr().out
    assert not kept.exists()


def test_export_writes_a_bundle_that_holds(sealed, tmp_path, capsys):
    out = tmp_path / "bundle.zip"
    log("export", sealed, "--out", str(out), "--since", "110", "--from", "2026-11-20")
    assert verifier.main([str(out)]) == 0
    assert "300 events" in capsys.readouterr().out


def test_rotate_says_the_new_key(sealed, capsys):
    log("rotate", sealed)
    assert f"{sealed.slug}.localhost/log+" in capsys.readouterr().out
    assert queries.latest().key_version == 1


@pytest.mark.django_db
def test_an_unknown_tenant_is_a_sentence():
    with pytest.raises(CommandError, match="no tenant"):
        call_command("log", "verify", "--tenant", "nobody")
