"""Cursors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.paging import InvalidCursor, decode_cursor, encode_cursor


@given(st.text(max_size=40), st.integers(-(2**53), 2**53))
def test_it_gives_back_the_key_it_was_made_of(text, number):
    assert decode_cursor(encode_cursor(text, number), (str, int)) == (text, number)


@given(st.text(max_size=60))
def test_it_refuses_anything_it_did_not_make(token):
    with pytest.raises(InvalidCursor):
        decode_cursor(token, (str, int, str))


def test_it_refuses_a_key_of_another_list():
    with pytest.raises(InvalidCursor):
        decode_cursor(encode_cursor(1, 2), (str, int))
