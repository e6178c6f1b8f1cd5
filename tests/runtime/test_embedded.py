"""The real embedded servers, in a folder of their own."""

import os
import signal
import stat
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from runtime import embedded
from runtime.postgres import Postgres
from runtime.processes import running
from runtime.redis import Redis
from tests.runtime.conditions import eventually

pytestmark = pytest.mark.xdist_group("embedded")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("state")
    yield folder
    embedded.down(folder, str.strip)


@pytest.fixture
def urls(home):
    return embedded.up(home, str.strip)


def test_starting_again_finds_what_runs(home, urls):
    before = embedded.status(home)
    assert embedded.up(home, str.strip) == urls
    assert embedded.status(home) == before


def test_the_database_is_durable_and_asks_for_the_password(urls):
    with psycopg.connect(urls["database_url"]) as connection:
        for name, value in {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
        }.items():
            row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
            assert row == (value,)
    parts = urlsplit(urls["database_url"])
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host=parts.hostname, port=parts.port, user="touchstone", password="guess")


def test_both_listen_on_loopback_alone(urls):
    with psycopg.connect(urls["database_url"]) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
    with redis.Redis.from_url(urls["redis_url"]) as client:
        assert client.config_get("bind") == {"bind": "127.0.0.1"}
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_only_the_owner_reads_the_password(home, urls):
    for name in ("postgres.password", "services.json"):
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o600


def test_what_was_committed_survives_kill_9(home, urls):
    with psycopg.connect(urls["database_url"], autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")
        count = connection.execute("SELECT count(*) FROM kept").fetchone()
    for server in (Postgres(home), Redis(home)):
        pid = server.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        eventually(lambda pid=pid: not running(pid), f"process {pid} has ended")
    again = embedded.up(home, str.strip)
    with psycopg.connect(again["database_url"]) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == count


def test_a_pid_file_that_names_a_stranger_is_seen_through(home, urls):
    lines = (home / "postgres" / "postmaster.pid").read_text().splitlines()
    embedded.down(home, str.strip)
    stranger = os.getppid()
    (home / "postgres" / "postmaster.pid").write_text("\n".join([str(stranger), *lines[1:], ""]))
    (home / "redis.pid").write_text(str(stranger))
    assert set(embedded.status(home).values()) == {"stopped"}
    embedded.up(home, str.strip)
    assert stranger not in [pid for pid, _ in embedded.processes(home)]


def test_stopping_leaves_nothing_and_may_be_said_twice(home, urls):
    pids = [pid for pid, _ in embedded.processes(home)]
    assert len(pids) == 2
    embedded.down(home, str.strip)
    assert not any(running(pid) for pid in pids)
    embedded.down(home, str.strip)
    assert set(embedded.status(home).values()) == {"stopped"}
