"""What a process remembers of keys."""

from hypothesis import given
from hypothesis import strategies as st

from eventlog.subjects.memory import KEYLESS, Memory


def test_it_keeps_within_its_size():
    memory = Memory(2)
    memory.recall("t", 0, [])
    memory.learn("t", 0, {"a": KEYLESS, "b": KEYLESS, "c": KEYLESS})

    assert set(memory.recall("t", 0, ["a", "b", "c"])) == {"b", "c"}


@given(st.integers(2, 9), st.lists(st.integers(0, 20), max_size=60))
def test_it_never_holds_more_and_always_what_was_learnt_last(size, subjects):
    memory = Memory(size)
    memory.recall("t", 0, [])
    for subject in subjects:
        memory.learn("t", 0, {str(subject): bytes([subject])})

        assert memory.recall("t", 0, [str(subject)]) == {str(subject): bytes([subject])}
    kept = memory.recall("t", 0, [str(each) for each in range(21)])
    assert len(kept) <= size


def test_what_is_asked_for_stays():
    memory = Memory(4)
    memory.recall("t", 0, [])
    memory.learn("t", 0, {"often": b"k"})
    for number in range(50):
        memory.learn("t", 0, {f"once-{number}": KEYLESS})

        assert memory.recall("t", 0, ["often"]) == {"often": b"k"}


def test_it_learns_nothing_from_a_past_epoch():
    memory = Memory(10)
    memory.recall("t", 1, [])
    memory.learn("t", 0, {"a": KEYLESS})

    assert memory.recall("t", 0, ["a"]) == {}
    assert memory.recall("t", 1, ["a"]) == {}


def test_it_forgets_one_tenant_at_a_time():
    memory = Memory(10)
    for tenant in ("t", "u"):
        memory.recall(tenant, 0, [])
        memory.learn(tenant, 0, {"a": KEYLESS})
    memory.recall("t", 1, [])

    assert memory.recall("t", 1, ["a"]) == {}
    assert memory.recall("u", 0, ["a"]) == {"a": KEYLESS}
