"""The numbers drawn are Poisson's, and the same however they are asked for."""

import math

import numpy as np
import pytest

from attribution.credit.bootstrap.poisson import BLOCK, fill, fill_value, tables

TABLES = tables()
MEANS = (0.3, 1.0, 2.0, 2.5, 8.0, 9.0, 11.9, 12.0, 40.0, 1_000.0)


def drawn(mean, size=200_000, key=7, first=0):
    out = np.empty(size)
    fill(np.uint64(key), mean, first, TABLES, out)
    return out


@pytest.mark.parametrize("mean", MEANS)
def test_it_draws_poisson_numbers(mean):
    found = drawn(mean)
    counts = np.arange(int(mean + 8 * math.sqrt(mean) + 12))
    mass = np.exp(counts * math.log(mean) - mean - [math.lgamma(k + 1.0) for k in counts])
    often = mass * found.size >= 20
    observed = np.bincount(found.astype(np.int64), minlength=counts.size)[: counts.size][often]
    expected = mass[often] * found.size
    chi = ((observed - expected) ** 2 / expected).sum()
    freedom = often.sum()
    assert chi < freedom + 5 * math.sqrt(2 * freedom)
    assert found.mean() == pytest.approx(mean, abs=5 * math.sqrt(mean / found.size))


@pytest.mark.parametrize("mean", MEANS)
def test_a_block_is_the_same_whatever_is_drawn_before_it(mean):
    whole = drawn(mean, size=4 * BLOCK)
    assert (drawn(mean, size=2 * BLOCK, first=2) == whole[2 * BLOCK :]).all()


def test_two_keys_have_nothing_to_do_with_each_other():
    one, two = drawn(1.0, key=1), drawn(1.0, key=2)
    assert abs(np.corrcoef(one, two)[0, 1]) < 5 / math.sqrt(one.size)


def test_the_tables_decide_all_but_a_few_parts():
    assert TABLES.shape == (8, 65_536)
    assert ((TABLES == 255).sum(axis=1) < 50).all()


def test_value_spreads_as_a_sum_of_single_values():
    counts = drawn(4.0)
    out = np.empty_like(counts)
    fill_value(np.uint64(3), 10.0, 5.0, counts, 0, out)
    # A compound Poisson sum has the variance mean * (each^2 + deviation^2).
    assert out.mean() == pytest.approx(40.0, rel=0.01)
    assert out.var() == pytest.approx(4.0 * (100.0 + 25.0), rel=0.03)
    fill_value(np.uint64(3), 10.0, 0.0, counts, 0, out)
    assert (out == counts * 10.0).all()
