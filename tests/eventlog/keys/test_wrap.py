"""Wrapping: what was wrapped opens, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventlog.keys import wrap

KEY, OTHER = b"k" * 32, b"o" * 32


@given(secret=st.binary(max_size=100), context=st.text(max_size=40))
def test_it_opens_what_it_wrapped_whichever_key_of_several_did(secret, context):
    wrapped = wrap.wrap(secret, under=KEY, context=context)
    assert wrap.unwrap(wrapped, under=[OTHER, KEY], context=context) == secret


def test_it_never_wraps_twice_alike():
    assert wrap.wrap(b"s", under=KEY, context="c") != wrap.wrap(b"s", under=KEY, context="c")


def test_it_says_when_the_key_is_not_at_hand():
    wrapped = wrap.wrap(b"secret", under=KEY, context="c")
    with pytest.raises(wrap.UnknownWrappingKey):
        wrap.unwrap(wrapped, under=[OTHER], context="c")


def test_it_opens_for_no_other_context():
    wrapped = wrap.wrap(b"secret", under=KEY, context="subject a")
    with pytest.raises(wrap.DamagedSecret):
        wrap.unwrap(wrapped, under=[KEY], context="subject b")


@given(place=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_it_notices_every_changed_byte(place, flip):
    wrapped = bytearray(wrap.wrap(b"secret", under=KEY, context="c"))
    wrapped[place % len(wrapped)] ^= flip
    with pytest.raises((wrap.DamagedSecret, wrap.UnknownWrappingKey)):
        wrap.unwrap(bytes(wrapped), under=[KEY], context="c")


@pytest.mark.parametrize("length", [0, 1, 20, 36])
def test_it_refuses_what_was_cut(length):
    wrapped = wrap.wrap(b"", under=KEY, context="c")
    with pytest.raises(wrap.DamagedSecret):
        wrap.unwrap(wrapped[:length], under=[KEY], context="c")


def test_a_fingerprint_tells_keys_apart_and_is_not_the_key():
    assert wrap.fingerprint(KEY) != wrap.fingerprint(OTHER)
    assert wrap.fingerprint(KEY) not in KEY
