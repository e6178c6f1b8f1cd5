"""The stores' arithmetic: exact, additive, and fair."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.contracts import Model
from attribution.store import chains, tally
from attribution.store.words import ADDITIVE, UNIT
from tests.attribution.store.journeys import record, stored

DAY = 86_400_000_000
DIRECT = 5


records = st.builds(
    record,
    st.lists(st.integers(1, 6), max_size=8),
    kind=st.sampled_from([0, 7, 9]),
    value=st.integers(-(10**9), 10**15),
    acquires=st.booleans(),
    gap=st.integers(0, 10 * DAY),
).filter(lambda each: each.converted or each.positions)
STORES = (
    lambda pairs: tally.credit(pairs, DIRECT),
    tally.transitions,
    tally.paths,
    tally.totals,
)


def credit_of(model, *keys, gap=DAY):
    """channel -> conversions under ``model`` of one journey."""
    found = tally.credit([(record(keys, gap=gap), 1)], DIRECT)
    number = ADDITIVE.index(model)
    return {
        key[5]: units / UNIT
        for key, (units, *_) in found.items()
        if key[0] == 0 and key[1] == number and units
    }


@given(st.lists(records, max_size=12))
def test_credit_sums_to_conversions_and_value_to_the_last_unit(some):
    found = tally.credit([(each, 1) for each in some], DIRECT)
    earning = [each for each in some if each.converted and each.positions]

    for dimension in range(3):
        for model in range(len(ADDITIVE)):
            mine = [sums for key, sums in found.items() if key[:2] == (dimension, model)]
            assert sum(units for units, *_ in mine) == UNIT * len(earning)
            assert sum(value for _, value, _ in mine) == sum(each.value for each in earning)
            acquired = UNIT * sum(each.acquires for each in earning)
            assert sum(units for *_, units in mine) == acquired


@given(st.lists(records, max_size=10), st.lists(records, max_size=10))
def test_parts_add_up_to_the_whole(some, others):
    for store in STORES:
        apart = Counter()
        for part in (some, others):
            for key, sums in store([(each, 1) for each in part]).items():
                apart.update({(key, n): amount for n, amount in enumerate(sums)})
        together = store([(each, 1) for each in [*others, *some]])
        whole = {(key, n): a for key, sums in together.items() for n, a in enumerate(sums) if a}
        assert whole == {key: amount for key, amount in apart.items() if amount}


@given(st.lists(records, max_size=10))
def test_what_is_added_and_taken_away_leaves_nothing(some):
    for store in STORES:
        assert store([(each, sign) for each in some for sign in (1, -1)]) == {}


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (Model.FIRST, {1: 1.0}),
        (Model.LAST, {DIRECT: 1.0}),
        (Model.LAST_NON_DIRECT, {2: 1.0}),
        (Model.LINEAR, {1: 0.5, 2: 0.25, DIRECT: 0.25}),
        (Model.POSITION, {1: 0.5, 2: 0.1, DIRECT: 0.4}),
        (Model.SHAPLEY, {1: 1 / 3, 2: 1 / 3, DIRECT: 1 / 3}),
    ],
)
def test_a_model_credits_as_its_formula_says(model, expected):
    found = credit_of(model, 1, 1, 2, DIRECT)

    assert found == pytest.approx(expected, abs=2e-9)


def test_time_decay_halves_in_a_week():
    found = credit_of(Model.TIME_DECAY, 1, 2, gap=7 * DAY)

    assert found == pytest.approx({1: 1 / 3, 2: 2 / 3}, abs=1e-6)


def test_a_journey_of_direct_touches_alone_credits_direct():
    assert credit_of(Model.LAST_NON_DIRECT, DIRECT, DIRECT) == {DIRECT: 1.0}


@settings(deadline=None)  # the solver compiles on its first call
@given(st.lists(records.filter(lambda each: each.value >= 0), min_size=1, max_size=12))
def test_paths_and_transitions_give_the_same_first_order_chain(some):
    pairs = [(each, 1) for each in some]
    steps = Counter()
    for key, (count, value, _) in tally.transitions(pairs).items():
        if key[0] == 0:
            null = key[2] == 0
            steps.update({(key[4], key[5], 0): 0 if null else count})
            steps.update({(key[4], key[5], 1): count if null else 0, (key[4], key[5], 2): value})
    moves = {key[:2] for key in steps}
    by_steps = chains.of_transitions(
        [(*pair, *(steps[(*pair, n)] for n in range(3))) for pair in moves]
    )
    by_paths = chains.of_paths(stored(some), order=1)

    assert by_steps.conversions == pytest.approx(by_paths.conversions, abs=1e-9)
    assert by_steps.value == pytest.approx(by_paths.value, abs=1e-9)


@settings(deadline=None)
@given(st.lists(records, min_size=1, max_size=12))
def test_beyond_the_longest_path_an_effect_is_the_share_of_conversions_with_the_key(some):
    short = [each for each in some if 0 < len(each.positions) <= 4]
    effects = chains.of_paths(stored(short), order=4).conversions
    conversions = sum(each.converted for each in short)

    for key, effect in effects.items():
        with_key = sum(each.converted for each in short if key in each.channels)
        expected = with_key / conversions if conversions else 0.0
        assert effect == pytest.approx(expected, abs=1e-9)
