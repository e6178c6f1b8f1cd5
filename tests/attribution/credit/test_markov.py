"""The exact Markov model: invariants of the chain and of counts that are added."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.credit import (
    CreditError,
    Totals,
    attribute,
    chain,
    markov_from_counts,
    parse,
    transition_counts,
)
from tests.attribution.credit.journeys import FRAMES, by_name

ORDERS = st.integers(1, 4)
quick = settings(max_examples=40, deadline=None)


def removed(rows, channel, order):
    """P(conversion) by plain linear algebra on states as tuples, one channel's states cut off."""
    flows, totals = {}, {}
    for path, converting, nulls in zip(rows.path, rows.conversions, rows.nulls, strict=True):
        touches = path.split(" > ")
        states = [(), *(tuple(touches[max(0, i - order) : i]) for i in range(1, len(touches) + 1))]
        steps = [pair for pair in pairwise(states) if pair[0] != pair[1]]
        for pair in [*steps, (states[-1], "end")]:
            flows[pair] = flows.get(pair, 0.0) + converting + nulls
            totals[pair[0]] = totals.get(pair[0], 0.0) + converting + nulls
        flows[states[-1], "won"] = flows.get((states[-1], "won"), 0.0) + converting
    names = sorted(state for state, total in totals.items() if total > 0)
    place = {state: index for index, state in enumerate(names)}
    moves, wins = np.eye(len(names)), np.zeros(len(names))
    for (before, after), flow in flows.items():
        if before not in place or channel in before:
            continue
        if after == "won":
            wins[place[before]] = flow / totals[before]
        elif after in place:
            moves[place[before], place[after]] -= flow / totals[before]
    return np.linalg.solve(moves, wins)[place[()]] if place else 0.0


@pytest.mark.parametrize("dense", [0, 10_000])
@quick
@given(rows=FRAMES, order=ORDERS)
def test_removal_effects_equal_the_chain_without_the_channel(dense, rows, order):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chain, "DENSE", dense)
        effects = by_name(attribute(rows, "markov", order=order), "removal_effect")
    whole = removed(rows, None, order)
    expected = {
        name: 1 - removed(rows, name, order) / whole if whole > 0 else 0.0 for name in effects
    }
    assert effects == pytest.approx(expected, abs=1e-9)


@quick
@given(rows=FRAMES, order=ORDERS)
def test_the_chain_converts_as_often_as_the_journeys_did(rows, order):
    effects = chain.removal_effects(transition_counts(parse(rows), order))
    journeys = max(float((rows.conversions + rows.nulls).sum()), 1.0)
    assert effects.expected == pytest.approx(
        [rows.conversions.sum() / journeys, rows.value.sum() / journeys], abs=1e-11
    )
    assert ((effects.removal >= 0) & (effects.removal <= 1)).all()


@quick
@given(rows=FRAMES)
def test_touching_a_channel_again_at_once_changes_nothing(rows):
    doubled = rows.assign(path=rows.path.str.replace("a", "a > a"))
    one, two = attribute(rows, "markov"), attribute(doubled, "markov")
    np.testing.assert_allclose(one.removal_effect, two.removal_effect, atol=1e-12)


@quick
@given(rows=FRAMES, order=ORDERS)
def test_the_scale_of_the_weights_changes_nothing(rows, order):
    scaled = rows.assign(conversions=rows.conversions * 1e6, nulls=rows.nulls * 1e6)
    one, two = (attribute(each, "markov", order=order) for each in (rows, scaled))
    np.testing.assert_allclose(one.removal_effect, two.removal_effect, atol=1e-11)


@quick
@given(rows=FRAMES)
def test_with_memory_of_the_whole_path_an_effect_is_the_share_of_conversions(rows):
    short = rows.assign(path=rows.path.map(lambda path: " > ".join(path.split(" > ")[:4])))
    effects = by_name(attribute(short, "markov", order=4), "removal_effect")
    total = max(float(rows.conversions.sum()), 1.0)
    contains = {
        name: short.conversions[short.path.map(lambda path, n=name: n in path)].sum() / total
        for name in effects
    }
    assert effects == pytest.approx(contains, abs=1e-12)


@quick
@given(one=FRAMES, two=FRAMES, order=ORDERS)
def test_counts_of_two_halves_are_the_counts_of_the_whole(one, two, order):
    both = parse(pd.concat([one, two]))
    whole = transition_counts(both, order)
    merged = transition_counts(parse(one), order) + transition_counts(parse(two), order)
    assert merged.channels == whole.channels
    assert merged.keys.tolist() == whole.keys.tolist()
    np.testing.assert_allclose(merged.edges, whole.edges)
    totals = Totals(
        conversions=both.total_conversions, value=both.total_value, journeys=both.journeys
    )
    summed = markov_from_counts(merged, totals)
    direct = attribute(both, "markov", order=order)
    np.testing.assert_allclose(summed.conversions, direct.conversions, atol=1e-10)
    np.testing.assert_allclose(summed.value, direct.value, atol=1e-10)


def test_order_one_has_a_dense_form():
    rows = {"path": ["a > b", "b > b > a"], "conversions": [1, 2], "nulls": [3, 0]}
    counts = transition_counts(parse(rows))
    assert counts.dense().tolist() == [
        [0, 4, 2, 0, 0],
        [0, 0, 4, 2, 0],
        [0, 2, 0, 1, 3],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
    ]
    assert ("a", "(conversion)", 2.0) in counts.rows()


def test_a_higher_order_has_no_dense_form_and_is_not_added_to_another():
    paths = parse({"path": ["a > b"], "conversions": [1]})
    with pytest.raises(CreditError):
        transition_counts(paths, 2).dense()
    with pytest.raises(CreditError):
        transition_counts(paths, 2) + transition_counts(paths, 1)


def test_it_refuses_more_channels_than_an_order_can_number():
    rows = {"path": [f"c{number}" for number in range(7_000)], "conversions": [1] * 7_000}
    with pytest.raises(CreditError, match="too many for order 4"):
        attribute(rows, "markov", order=4)
    assert attribute(rows, "markov", order=2).conversions.tolist() == pytest.approx([1.0] * 7_000)


def test_tens_of_thousands_of_states_agree_with_long_memory():
    rng = np.random.default_rng(3)
    rows = {
        "path": [" > ".join(f"c{t}" for t in rng.integers(0, 40, 3)) for _ in range(20_000)],
        "conversions": [1] * 20_000,
    }
    paths = parse(rows)
    assert len(set((transition_counts(paths, 3).keys // 41).tolist())) > 15_000
    effects = by_name(attribute(paths, "markov", order=3), "removal_effect")
    share = sum("c7" in path.split(" > ") for path in rows["path"]) / 20_000
    assert effects["c7"] == pytest.approx(share, abs=1e-12)
