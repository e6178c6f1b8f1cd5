"""The order chosen is the one journeys were made with, and is scored as the formula says."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from attribution.credit import CreditError, choose_order, order_selection, parse
from tests.attribution.credit.journeys import FRAMES, HAND
from tests.data_dir import data_file


def journeys(order, count, channels=5, seed=1):
    """Journeys of a chain that remembers ``order`` touches (0: none)."""
    rng = np.random.default_rng(seed)
    shares, paths = {}, []
    for _ in range(count):
        path = []
        for _ in range(rng.geometric(0.3)):
            key = tuple(path[len(path) - order :]) if order else ()
            if key not in shares:
                shares[key] = rng.dirichlet(np.full(channels, 0.6))
            path.append(int(rng.choice(channels, p=shares[key])))
        paths.append(" > ".join("abcdefgh"[touch] for touch in path))
    won = (rng.random(count) < 0.2).astype(float)
    return pd.DataFrame({"path": paths, "conversions": won, "nulls": 1 - won})


@pytest.mark.parametrize(("planted", "chosen"), [(0, 1), (1, 1), (2, 2), (3, 3)])
def test_it_finds_the_order_of_the_chain_that_made_the_journeys(planted, chosen):
    choice = choose_order(parse(journeys(planted, 8_000)), seed=3)
    assert choice.order == chosen
    assert choice.behind.min() == 0.0
    assert choice.journeys == 8_000


def test_few_journeys_have_no_long_memory():
    assert choose_order(parse(journeys(3, 60)), seed=3).order == 1


def steps(paths, row, kind):
    """(touches before, what follows) of all steps of a journey."""
    touches = paths.tokens[paths.offsets[row] : paths.offsets[row + 1]].tolist()
    return [
        (tuple(touches[:at]), following)
        for at, following in enumerate([*touches, ("won", "lost")[kind]])
    ]


def remembered(touches, memory):
    return memory, touches[max(0, len(touches) - memory) :]


def counts(paths, journeys):
    """How often each state and each step was met by ``journeys`` (rows, 2), at all orders."""
    counted = {}
    for row, kind in np.ndindex(journeys.shape):
        for touches, following in steps(paths, row, kind):
            for memory in range(5):
                state = remembered(touches, memory)
                for key in (state, (state, following)):
                    counted[key] = counted.get(key, 0.0) + journeys[row, kind]
    return counted


def chance(counted, step, memory, outcomes):
    """The formula of the module."""
    if memory < 0:
        return 1 / outcomes
    state = remembered(step[0], memory)
    lower = chance(counted, step, memory - 1, outcomes)
    return (counted.get((state, step[1]), 0.0) + lower) / (counted.get(state, 0.0) + 1)


def scored(paths, dealt, order):
    """The log-likelihood per journey, journey by journey and step by step."""
    total = 0.0
    for row, kind, fold in np.ndindex(dealt.shape):
        if dealt[row, kind, fold]:
            counted = counts(paths, dealt.sum(axis=2) - dealt[:, :, fold])
            total += dealt[row, kind, fold] * sum(
                math.log(chance(counted, step, order, len(paths.channels) + 2))
                for step in steps(paths, row, kind)
            )
    return total / dealt.sum()


@pytest.mark.parametrize("whole_paths", [False, True])
@settings(max_examples=15, deadline=None)
@given(rows=FRAMES)
def test_the_likelihood_is_that_of_the_formula(whole_paths, rows):
    paths = order_selection.canonical(parse(rows))
    if paths.journeys < 5:
        return
    choice = choose_order(parse(rows), seed=11, whole_paths=whole_paths)
    dealt = order_selection._deal(paths, np.random.default_rng(11), 5, whole_paths)
    expected = [scored(paths, dealt, order) for order in (1, 2, 3, 4)]
    np.testing.assert_allclose(choice.likelihood, expected, rtol=1e-12)


@settings(max_examples=20, deadline=None)
@given(rows=FRAMES)
def test_neither_the_order_nor_the_splitting_of_rows_matters(rows):
    if (rows.conversions + rows.nulls).sum() < 5:
        return
    doubled = rows.assign(conversions=2 * rows.conversions, nulls=2 * rows.nulls)
    one = choose_order(parse(doubled), seed=1)
    two = choose_order(parse(pd.concat([rows.iloc[::-1], rows])), seed=1)
    assert one.order == two.order
    np.testing.assert_allclose(one.likelihood, two.likelihood, rtol=1e-12)


def test_it_repeats_itself_with_the_seed():
    one, two, other = (choose_order(parse(HAND), seed=seed) for seed in (1, 1, 2))
    assert one.likelihood.tobytes() == two.likelihood.tobytes()
    assert one.likelihood.tobytes() != other.likelihood.tobytes()


def test_within_one_standard_error_the_lower_order_is_chosen():
    found = [choose_order(parse(journeys(0, 300, seed=seed)), seed=seed) for seed in range(8)]
    for choice in found:
        place = choice.orders.index(choice.order)
        assert choice.behind[place] <= choice.error[place]
        assert (choice.behind[:place] > choice.error[:place]).all()


def test_a_list_of_frequent_paths_seems_to_remember_unless_whole_paths_are_held_out():
    rng = np.random.default_rng(2)
    paths = {" > ".join(rng.choice(list("abcdefgh"), 6)) for _ in range(400)}
    rows = {"path": sorted(paths), "conversions": [1] * len(paths), "nulls": [4] * len(paths)}
    assert choose_order(parse(rows), seed=1).order > 1
    assert choose_order(parse(rows), seed=1, whole_paths=True).order == 1


def test_pathdata_has_such_a_list():
    paths = parse(pd.read_csv(data_file("attribution/pathdata_channelattribution.csv.gz")))
    assert choose_order(paths, seed=0).order == 4
    assert choose_order(paths, seed=0, whole_paths=True).order == 1


def test_the_reason_is_a_sentence():
    one = choose_order(parse(journeys(0, 8_000)), seed=3).sentence()
    assert one == "Order 1: no longer memory predicts 8,000 held-out journeys better."
    two = choose_order(parse(journeys(2, 8_000)), seed=3).sentence()
    assert two.startswith("Order 2: it predicts 8,000 held-out journeys best")


def test_it_takes_whole_journeys_and_enough_of_them():
    for rows, words in [
        ({"path": ["a"], "conversions": [7.5]}, "whole numbers"),
        ({"path": ["a"], "conversions": [4]}, "at least 5"),
        ({"path": [], "conversions": []}, "at least 5"),
    ]:
        with pytest.raises(CreditError, match=words):
            choose_order(parse(rows), seed=0)


def test_orders_with_too_many_states_are_left_out():
    rows = {"path": [f"c{number}" for number in range(7_000)], "conversions": [1] * 7_000}
    assert choose_order(parse(rows), seed=0).orders == (1, 2, 3)
