import json

from runtime.services import NOWHERE_DATABASE, NOWHERE_REDIS, discover

EMBEDDED = {"database_url": "postgresql://embedded/db", "redis_url": "redis://embedded/0"}


def write_services(folder, content):
    folder.mkdir(exist_ok=True)
    (folder / "services.json").write_text(content)


def test_given_urls_come_before_the_embedded_ones(tmp_path):
    write_services(tmp_path / ".touchstone", json.dumps(EMBEDDED))
    found = discover(
        {"TOUCHSTONE_DATABASE_URL": "postgresql://real/db", "TOUCHSTONE_REDIS_URL": "redis://r/1"},
        tmp_path,
    )
    assert (found.database_url, found.redis_url) == ("postgresql://real/db", "redis://r/1")
    assert not found.embedded


def test_the_embedded_ones_are_found_by_their_file(tmp_path):
    write_services(tmp_path / ".touchstone", json.dumps(EMBEDDED))
    found = discover({}, tmp_path)
    assert (found.database_url, found.redis_url) == tuple(EMBEDDED.values())
    assert found.embedded


def test_one_given_url_leaves_the_other_embedded(tmp_path):
    write_services(tmp_path / ".touchstone", json.dumps(EMBEDDED))
    found = discover({"TOUCHSTONE_DATABASE_URL": "postgresql://real/db"}, tmp_path)
    assert (found.database_url, found.redis_url) == ("postgresql://real/db", EMBEDDED["redis_url"])


def test_the_state_folder_can_be_named(tmp_path):
    write_services(tmp_path / "elsewhere", json.dumps(EMBEDDED))
    found = discover({"TOUCHSTONE_STATE": str(tmp_path / "elsewhere")}, tmp_path)
    assert found.database_url == EMBEDDED["database_url"]


def test_without_services_the_urls_lead_nowhere(tmp_path):
    found = discover({}, tmp_path)
    assert (found.database_url, found.redis_url) == (NOWHERE_DATABASE, NOWHERE_REDIS)


def test_a_damaged_file_counts_as_none(tmp_path):
    for content in ("", "{", "[]", "\x00"):
        write_services(tmp_path / ".touchstone", content)
        assert discover({}, tmp_path).database_url == NOWHERE_DATABASE
