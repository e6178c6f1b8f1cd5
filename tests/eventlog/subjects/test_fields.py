import uuid

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from eventlog.subjects.fields import DamagedSeal, associated, nonces, open_sealed, seal

KEY = AESGCM(b"k" * 32)
EVENT = uuid.UUID(int=7)
HERE = {"tenant": "t_acme", "subject": "ada", "event_id": EVENT}
SEALED = seal(KEY, b'{"context.ip":"1.2.3.4"}', **HERE)


def test_it_gives_back_what_was_sealed():
    assert open_sealed(KEY, SEALED, **HERE) == {"context.ip": "1.2.3.4"}


def test_it_shows_nothing_of_what_was_sealed():
    assert b"1.2.3.4" not in SEALED


@pytest.mark.parametrize(
    "elsewhere",
    [{"tenant": "t_rival"}, {"subject": "bob"}, {"event_id": uuid.UUID(int=8)}],
    ids=["tenant", "subject", "event"],
)
def test_it_does_not_open_at_another_place(elsewhere):
    with pytest.raises(DamagedSeal):
        open_sealed(KEY, SEALED, **(HERE | elsewhere))


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_it_does_not_open_with_any_byte_changed(place, change):
    damaged = bytearray(SEALED)
    damaged[place] ^= change
    with pytest.raises(DamagedSeal):
        open_sealed(KEY, bytes(damaged), **HERE)


def test_it_does_not_open_with_another_key():
    with pytest.raises(DamagedSeal):
        open_sealed(AESGCM(b"l" * 32), SEALED, **HERE)


def test_it_never_uses_a_nonce_twice():
    nonces = {seal(KEY, b"{}", **HERE)[1:13] for _ in range(5_000)}
    assert len(nonces) == 5_000


TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))


@given(TEXT, TEXT, TEXT, TEXT)
def test_no_two_places_are_bound_alike(tenant, subject, other_tenant, other_subject):
    one = associated(tenant, subject, EVENT)
    other = associated(other_tenant, other_subject, EVENT)
    assert (one == other) == ((tenant, subject) == (other_tenant, other_subject))


def test_it_draws_nonces_for_many_at_once_and_none_twice():
    drawn = list(nonces(5_000))
    assert {len(nonce) for nonce in drawn} == {12}
    assert len(set(drawn)) == 5_000
    assert seal(KEY, b"{}", **HERE, nonce=drawn[0])[1:13] == drawn[0]
