from hypothesis import given
from hypothesis import strategies as st

from runtime.reaper import remaining


def test_it_ends_the_newest_first_with_the_signal_asked_for():
    assert remaining(["10 2\n", "20 15\n", "30 15\n"]) == [(30, 15), (20, 15), (10, 2)]


def test_it_leaves_alone_what_has_ended():
    assert remaining(["10 15\n", "20 15\n", "10 0\n"]) == [(20, 15)]


@given(st.lists(st.tuples(st.integers(2, 9), st.sampled_from([0, 2, 15]))))
def test_the_last_word_on_a_group_counts(told):
    last = dict(told)
    left = remaining(f"{group} {first}\n" for group, first in told)
    assert dict(left) == {group: first for group, first in last.items() if first}
