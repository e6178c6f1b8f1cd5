"""A bundle checks out with the program inside it alone, and with nothing changed."""

import json
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest

from eventlog.append import append
from eventlog.seal import queries, sealer, signing
from evidence import bundle, verifier
from evidence.contracts import NothingSelected, Selection
from tests.eventlog.events import NOON, event, settle


@pytest.fixture
def written(sealed, tmp_path):
    """Write a bundle: ``written(type="test.happened")`` gives its path."""

    def write(since=None, **selection):
        path = tmp_path / "out" / "bundle.zip"
        bundle.write(
            path, selection=Selection(**selection), organisation="Acme", now=NOON, since=since
        )
        return path

    return write


def key():
    return signing.known()[0].verifier.text


def changed(path, name, change):
    """The bundle again with one file changed."""
    out = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.namelist():
            content = old.read(each)
            new.writestr(each, change(content) if each == name else content)
    return out


def test_the_whole_log_holds_by_the_program_in_the_bundle_alone(written, tmp_path):
    path = written()
    with zipfile.ZipFile(path) as held:
        held.extract("verifier.py", tmp_path)
        assert set(held.namelist()) == {
            "events.jsonl", "proofs.jsonl", "checkpoint.txt", "consistency.json", "keys.txt",
            "manifest.json", "verifier.py", "index.html", "README.txt", "SHA256SUMS",
        }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-I", tmp_path / "verifier.py", path, "--key", key()],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "300 events are what was sealed" in done.stdout
    assert "All 300 events of the log are in the bundle." in done.stdout
    assert done.stdout.endswith("HOLDS\n")


@pytest.mark.parametrize(
    ("selection", "count"),
    [
        ({"ids": (event(7).id, event(299).id)}, 2),
        ({"start": NOON + timedelta(seconds=10), "end": NOON + timedelta(seconds=20)}, 10),
        ({"subject": "0" * 32, "type": "test.happened"}, 300),
    ],
)
def test_a_selection_holds(written, capsys, selection, count):
    assert verifier.main([str(written(**selection)), "--key", key()]) == 0
    assert f"{count} events are what was sealed" in capsys.readouterr().out


def test_nothing_selected_writes_nothing(written, tmp_path):
    with pytest.raises(NothingSelected):
        written(type="never.happened")
    assert list(tmp_path.rglob("*.zip")) == []


def test_it_proves_that_the_log_extends_a_remembered_checkpoint(written, tmp_path, capsys):
    remembered = tmp_path / "old.txt"
    remembered.write_text(queries.at_size(110).note)
    path = written(since=110)
    assert verifier.main([str(path), "--key", key(), "--remember", str(remembered)]) == 0
    assert "extends the checkpoint of 110 leaves" in capsys.readouterr().out
    assert verifier.main([str(written()), "--key", key(), "--remember", str(remembered)]) == 2
    assert "--since 110" in capsys.readouterr().err


def test_a_replaced_key_still_verifies_what_it_signed(written, tmp_path):
    remembered = tmp_path / "old.txt"
    remembered.write_text(queries.latest().note)
    signing.rotate(now=NOON)
    settle()
    sealer.catch_up(now=NOON)
    append([event(300)], recorded_at=NOON)
    settle()
    sealer.catch_up(now=NOON)
    path = str(written(since=300))
    assert verifier.main([path, "--remember", str(remembered)]) == 0


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("events.jsonl", lambda raw: raw.replace(b'"number":7}', b'"number":8}'), 1),
        ("events.jsonl", lambda raw: raw.split(b"\n", 1)[1], 1),
        ("events.jsonl", lambda raw: raw[:-1], 1),
        ("proofs.jsonl", lambda raw: raw.replace(b'"leaf_index":9,', b'"leaf_index":8,'), 1),
        ("checkpoint.txt", lambda raw: raw.replace(b"\n300\n", b"\n301\n"), 1),
        ("keys.txt", lambda _: b"", 1),
        ("keys.txt", lambda _: b"nonsense\n", 2),
        ("manifest.json", lambda raw: raw.replace(b"300", b"299"), 1),
        ("checkpoint.txt", lambda _: b"nonsense\n", 2),
        ("proofs.jsonl", lambda _: b"{}\n" * 300, 2),
    ],
)
def test_nothing_changed_passes(written, capsys, name, change, code):
    path = changed(written(), name, change)
    assert verifier.main([str(path)]) == code
    capsys.readouterr()


def test_somebody_elses_key_proves_nothing(written, capsys):
    from eventlog.merkle import notes

    public = notes.public_of(notes.new_private_key())
    other = notes.Verifier(name=signing.known()[0].verifier.name, public=public)
    assert verifier.main([str(written()), "--key", other.text]) == 1
    assert "No key that was given signed" in capsys.readouterr().out


def test_a_file_that_is_no_bundle_is_said_so(tmp_path, capsys):
    path = tmp_path / "x.zip"
    path.write_text("x")
    assert verifier.main([str(path)]) == 2
    assert "can't be opened" in capsys.readouterr().err


def test_every_line_is_canonical_json(written):
    with zipfile.ZipFile(written()) as held:
        lines = held.read("events.jsonl").splitlines()
        manifest = json.loads(held.read("manifest.json"))
    assert [json.loads(line)["payload"]["number"] for line in lines] == list(range(300))
    assert manifest["events"] == 300
