"""The environment, strictly read."""

import pytest

from config import env


def test_it_reads_a_secret_from_a_file(tmp_path, monkeypatch):
    file = tmp_path / "secret"
    file.write_text("hush\n")
    monkeypatch.setenv("SOMETHING_FILE", str(file))
    assert env.text("SOMETHING") == "hush"


def test_it_says_which_file_is_missing(monkeypatch):
    monkeypatch.setenv("SOMETHING_FILE", "/nowhere/at/all")
    with pytest.raises(env.BadEnvironment, match="SOMETHING_FILE"):
        env.text("SOMETHING")


def test_it_says_which_variable_is_missing(monkeypatch):
    monkeypatch.delenv("SOMETHING", raising=False)
    with pytest.raises(env.BadEnvironment, match="SOMETHING is not set"):
        env.text("SOMETHING")


@pytest.mark.parametrize(("written", "meant"), [("true", True), ("FALSE", False)])
def test_it_reads_true_and_false(monkeypatch, written, meant):
    monkeypatch.setenv("SOMETHING", written)
    assert env.flag("SOMETHING", not meant) is meant


def test_it_refuses_other_words_for_true(monkeypatch):
    monkeypatch.setenv("SOMETHING", "yes")
    with pytest.raises(env.BadEnvironment, match="true or false"):
        env.flag("SOMETHING", True)


def test_it_refuses_a_number_that_is_none(monkeypatch):
    monkeypatch.setenv("SOMETHING", "many")
    with pytest.raises(env.BadEnvironment, match="whole number"):
        env.number("SOMETHING", 1)


def test_it_splits_names_at_commas(monkeypatch):
    monkeypatch.setenv("SOMETHING", " a, b ,,c ")
    assert env.names("SOMETHING", "") == ["a", "b", "c"]


def test_it_reads_keys_the_present_one_first(monkeypatch):
    monkeypatch.setenv("SOMETHING", f"{'A' * 43}=,{'B' * 43}=")
    assert [len(key) for key in env.keys("SOMETHING")] == [32, 32]
    monkeypatch.delenv("SOMETHING")
    assert env.keys("SOMETHING") == ()


@pytest.mark.parametrize("written", ["short", "A" * 43, "!" * 44])
def test_it_refuses_a_key_of_another_length(monkeypatch, written):
    monkeypatch.setenv("SOMETHING", written)
    with pytest.raises(env.BadEnvironment, match="32 random bytes"):
        env.keys("SOMETHING")


def test_it_reads_a_service_from_its_file(monkeypatch, tmp_path):
    path = tmp_path / "url"
    path.write_text("postgresql://here\n")
    monkeypatch.setenv("TOUCHSTONE_A_URL_FILE", str(path))
    monkeypatch.delenv("TOUCHSTONE_A_URL", raising=False)
    assert env.with_files("TOUCHSTONE_A_URL")["TOUCHSTONE_A_URL"] == "postgresql://here"
