"""Checkpoints as signed notes: what was signed verifies, and nothing else."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventlog.merkle import notes
from eventlog.merkle.notes import BadNote, Checkpoint, Verifier

CHECKPOINT = Checkpoint(
    origin="acme.touchstone.example/log",
    size=42,
    root=bytes(range(32)),
    sealed="2026-11-20T12:00:00.000000Z",
)
OLD, NEW = b"o" * 32, b"n" * 32
KEYS = [Verifier(name=CHECKPOINT.origin, public=notes.public_of(key)) for key in (OLD, NEW)]


def test_it_is_written_as_the_specification_says():
    lines = notes.sign(CHECKPOINT, by=[OLD]).split("\n")
    assert lines[:3] == [
        "acme.touchstone.example/log", "42", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    ]  # fmt: skip
    assert lines[4] == ""
    assert lines[5].startswith("— acme.touchstone.example/log ")
    assert lines[6:] == [""]


def test_it_verifies_the_specifications_example_key():
    """The verifier key of golang.org/x/mod/sumdb/note, whose form signed-note wrote down."""
    text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    public = base64.b64decode(text.split("+", 2)[2])[1:]
    key = Verifier(name="PeterNeumann", public=public)
    assert key.text == text
    assert key.key_id.hex() == "c74f20a3"


def test_it_knows_who_signed():
    note = notes.sign(CHECKPOINT, by=[OLD, NEW])
    assert notes.parse(note)[0] == CHECKPOINT
    assert notes.signers(note, KEYS) == tuple(KEYS)
    assert notes.signers(notes.sign(CHECKPOINT, by=[OLD]), KEYS) == (KEYS[0],)
    assert notes.signers(note, []) == ()


@given(place=st.integers(0, 300), flip=st.integers(1, 127))
def test_no_changed_byte_keeps_both_the_statement_and_a_signature(place, flip):
    note = bytearray(notes.sign(CHECKPOINT, by=[OLD]).encode())
    note[place % len(note)] ^= flip
    try:
        signed = notes.signers(note.decode(), KEYS)
    except (BadNote, UnicodeDecodeError):
        return
    assert signed == () or notes.parse(note.decode())[0] == CHECKPOINT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "one line",
        "a\n1\nAA==\nsealed x\n\n— a b\n",
        "a\n01\n" + "A" * 43 + "=\nsealed x\n\n— a " + "A" * 92 + "\n",
        "a\n1\n" + "A" * 43 + "=\nsealed x\n\n- a " + "A" * 92 + "\n",
        "a\n1\n" + "A" * 43 + "=\n\n— a " + "A" * 92 + "\n",
    ],
)
def test_it_refuses_what_is_no_checkpoint(text):
    with pytest.raises(BadNote):
        notes.parse(text)
