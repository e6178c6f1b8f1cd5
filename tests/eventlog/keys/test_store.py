"""A tenant's keys: made once, opened by the master key alone, apart from other tenants'."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from eventlog.contracts import NoTenant
from eventlog.keys import master, store
from eventlog.keys.wrap import DamagedSecret, UnknownWrappingKey
from tests.eventlog.events import NOON

FIRST, SECOND = b"1" * 32, b"2" * 32


@pytest.fixture
def _first_master(settings):
    settings.MASTER_KEYS = (FIRST,)


@pytest.mark.usefixtures("as_acme", "_first_master")
class TestATenantsKeys:
    def test_the_first_use_makes_one_and_the_next_finds_it(self):
        assert store.tenant_keys(now=NOON) == store.tenant_keys(now=NOON)

    def test_it_opens_what_it_wrapped_after_a_rotation_too(self):
        wrapped = store.wrap(b"secret", context="c", now=NOON)
        assert store.rotate(now=NOON) == 2
        assert store.unwrap(wrapped, context="c", now=NOON) == b"secret"
        assert len(set(store.tenant_keys(now=NOON))) == 2

    def test_nothing_opens_without_the_master_key(self, settings):
        store.tenant_keys(now=NOON)
        settings.MASTER_KEYS = (SECOND,)
        with pytest.raises(UnknownWrappingKey):
            store.tenant_keys(now=NOON)

    def test_a_new_master_key_takes_over_and_the_old_one_can_go(self, settings):
        keys = store.tenant_keys(now=NOON)
        settings.MASTER_KEYS = (SECOND, FIRST)
        assert store.tenant_keys(now=NOON) == keys
        assert store.rewrap() == 1
        assert store.rewrap() == 0
        settings.MASTER_KEYS = (SECOND,)
        assert store.tenant_keys(now=NOON) == keys

    def test_no_key_is_stored_in_clear(self):
        (key,) = store.tenant_keys(now=NOON)
        with connection.cursor() as cursor:
            cursor.execute("SELECT wrapped FROM tenant_key")
            stored = b"".join(bytes(row[0]) for row in cursor.fetchall())
        assert key not in stored


@pytest.mark.usefixtures("_first_master")
def test_a_key_moved_to_another_tenant_does_not_open(acme, rival, as_tenant):
    with as_tenant(acme), connection.cursor() as cursor:
        store.tenant_keys(now=NOON)
        cursor.execute("SELECT version, wrapped, created_at FROM tenant_key")
        stolen = cursor.fetchone()
    with as_tenant(rival), connection.cursor() as cursor:
        cursor.execute(store._INSERT, stolen)
        with pytest.raises(DamagedSecret):
            store.tenant_keys(now=NOON)


@pytest.mark.django_db
def test_it_asks_for_a_tenant():
    with pytest.raises(NoTenant):
        store.tenant_keys(now=NOON)


@pytest.mark.usefixtures("_first_master")
def test_the_command_wraps_every_tenants_keys_anew(acme, rival, as_tenant, settings, capsys):
    for tenant in (acme, rival):
        with as_tenant(tenant):
            store.tenant_keys(now=NOON)
    settings.MASTER_KEYS = (SECOND, FIRST)
    call_command("rewrap")
    assert "2 keys wrapped anew" in capsys.readouterr().out


def test_development_keeps_the_key_it_made(settings, tmp_path):
    settings.MASTER_KEYS = ()
    settings.DEVELOPMENT_MASTER_KEY = tmp_path / "state" / "master.key"
    keys = master.master_keys()
    assert keys == master.master_keys()
    assert Path(settings.DEVELOPMENT_MASTER_KEY).stat().st_mode & 0o077 == 0
    assert [each.name for each in settings.DEVELOPMENT_MASTER_KEY.parent.iterdir()] == [
        "master.key"
    ]


def test_production_never_makes_one(settings, tmp_path):
    settings.MASTER_KEYS, settings.PRODUCTION = (), True
    settings.DEVELOPMENT_MASTER_KEY = tmp_path / "master.key"
    with pytest.raises(master.NoMasterKey):
        master.master_keys()
    assert not settings.DEVELOPMENT_MASTER_KEY.exists()


def test_a_damaged_development_key_is_named(settings, tmp_path):
    settings.MASTER_KEYS = ()
    settings.DEVELOPMENT_MASTER_KEY = tmp_path / "master.key"
    settings.DEVELOPMENT_MASTER_KEY.write_bytes(b"short")
    with pytest.raises(master.NoMasterKey, match=r"master\.key"):
        master.master_keys()
