"""The demo's plan and the file it leaves."""

import json
from datetime import UTC, date, datetime

from config import demo

SIMULATED = [demo.NORTHWIND, demo.TIDEPOOL, demo.MERIDIAN]
LOGIN = demo.Login(
    slug="northwind",
    kind="advertiser",
    host="http://northwind.localhost:8000",
    user="demo@northwind.example",
    password="secret",
    write_key="ts_aaaaaaaa_" + "b" * 32,
    read_key="ts_cccccccc_" + "d" * 32,
)


def test_it_writes_what_it_can_read_again_for_its_owner_alone(tmp_path):
    file = tmp_path / "state" / "demo.json"
    demo.write_logins(file, "http://localhost:8000", [LOGIN])
    assert demo.read_logins(file) == {"northwind": LOGIN}
    assert file.stat().st_mode & 0o077 == 0
    content = json.loads(file.read_text())
    assert content["url"] == "http://localhost:8000"
    assert set(content["tenants"][0]) == {
        "slug", "kind", "host", "user", "password", "write_key", "read_key",
    }  # fmt: skip


def test_it_starts_afresh_when_the_file_is_damaged(tmp_path):
    file = tmp_path / "demo.json"
    file.write_text('{"tenants": [{"slug": "x"}]}')
    assert demo.read_logins(file) == {}
    assert demo.read_logins(tmp_path / "absent.json") == {}


def test_it_simulates_the_same_days_on_every_later_start():
    made = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
    assert demo.first_day(made) == date(2026, 8, 22)


def test_it_shows_the_real_touches_only_where_its_data_are(tmp_path):
    assert demo.planned(tmp_path) == SIMULATED
    file = tmp_path / demo.REAL_TOUCHES
    file.parent.mkdir()
    file.touch()
    assert demo.planned(tmp_path) == [*SIMULATED, demo.JULY]


def test_it_says_where_to_look_who_to_be_and_how_to_send_an_event():
    text = "\n".join(demo.lines("http://localhost:8000", [LOGIN]))
    assert "http://northwind.localhost:8000" in text
    assert LOGIN.password in text
    assert f"Bearer {LOGIN.write_key}" in text
