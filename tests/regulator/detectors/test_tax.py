"""Tax is rate times base: rates are found in the returns; what is off is explained."""

import gzip

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from regulator.detectors import Kind, tax
from regulator.detectors.digits import slips
from regulator.detectors.tax import Cause
from tests.data_dir import data_file

OPERATORS, MONTHS = 6, 12


def market(rate=0.15, later=None, since=MONTHS):
    """Six operators' returns of a year; from month ``since`` on at another rate."""
    rng = np.random.default_rng(1)
    base = np.round(rng.lognormal(18, 1, (MONTHS, OPERATORS)), 0)
    rates = np.where(np.arange(MONTHS) < since, rate, later or rate)
    return tax.Returns(
        period=np.repeat(np.arange(MONTHS), OPERATORS),
        operator=tuple(f"operator {place}" for place in range(OPERATORS)) * MONTHS,
        base=base.ravel(), tax=np.round(base * rates[:, None], 0).ravel(),
    )  # fmt: skip


def only(found):
    (row,) = found.off
    return row


def test_a_rate_is_found_and_nobody_is_accused():
    found = tax.examine(market())
    assert found.rates == (0.15,)
    assert (found.changes, found.off, found.taxed) == ((), (), 72)


@pytest.mark.parametrize("since", [3, 11])
def test_a_change_of_the_rate_is_found_in_its_first_month(since):
    found = tax.examine(market(0.13, 0.1975, since))
    assert found.rates == (0.13, 0.1975)
    assert found.changes == (
        tax.RateChange(period=since, before=0.13, after=0.1975, operators=OPERATORS),
    )
    assert found.off == ()
    told = tax.anomalies(market(0.13, 0.1975, since), found)
    assert [(each.kind, each.started) for each in told] == [(Kind.RATE_CHANGE, since)]


def test_who_stays_on_the_old_rate_is_found():
    returns = market(0.13, 0.1975, 6)
    returns.tax[-OPERATORS] = returns.base[-OPERATORS] * 0.13
    row = only(tax.examine(returns))
    assert (row.row, row.cause, row.rate) == (66, Cause.OTHER_RATE, 0.1975)


@given(st.integers(OPERATORS, 71), st.sampled_from([10, 100, 1000, 0.1, 0.01, 0.001]))
def test_an_amount_in_another_unit_is_called_that(place, unit):
    returns = market()
    returns.tax[place] *= unit
    row = only(tax.examine(returns))
    assert (row.row, row.cause) == (place, Cause.UNIT)


@given(st.integers(0, 71), st.integers(0, 2), st.integers(1, 9))
def test_one_wrong_digit_is_called_that(place, digit, more):
    returns = market()
    text = list(str(int(returns.tax[place])))
    text[digit] = str((int(text[digit]) + more) % 10)
    assume(text[0] != "0")  # a number is not written so: that digit would be missing, not wrong
    returns.tax[place] = int("".join(text))
    off = tax.examine(returns).off
    if abs(returns.tax[place] / returns.base[place] - 0.15) <= tax.TOLERANCE:
        assert off == ()
    else:
        assert [(each.row, each.cause) for each in off] == [(place, Cause.DIGIT)]


@given(st.integers(0, 71), st.floats(0.2, 0.8))
def test_a_tax_too_small_for_no_reason_stays_unexplained(place, share):
    returns = market()
    returns.tax[place] = np.round(returns.tax[place] * share)
    row = only(tax.examine(returns))
    assert row.row == place
    assert row.cause in (Cause.UNEXPLAINED, Cause.DIGIT)
    told = tax.anomalies(returns, tax.examine(returns))
    assert told[0].evidence["operator"] == returns.operator[place]


def loss_in(returns, place, amount):
    returns.base[place], returns.tax[place] = -amount, 0.0


def test_a_loss_is_set_off_until_it_is_used_and_no_longer():
    returns = market()
    mine = np.arange(0, 72, OPERATORS)
    loss = returns.base[mine[4]] + 0.4 * returns.base[mine[5]]
    loss_in(returns, mine[3], loss)
    returns.tax[mine[4]] = 0.0
    returns.tax[mine[5]] = np.round(0.15 * 0.6 * returns.base[mine[5]])
    returns.tax[mine[7]] = np.round(0.15 * 0.6 * returns.base[mine[7]])
    found = {each.row: each.cause for each in tax.examine(returns).off}
    assert found == {
        mine[4]: Cause.CARRY_OVER, mine[5]: Cause.CARRY_OVER, mine[7]: Cause.UNEXPLAINED,
    }  # fmt: skip


def test_a_missing_return_before_an_untaxed_base_is_pointed_at():
    returns = market()
    keep = np.ones(72, dtype=bool)
    keep[18] = False
    returns.tax[24] = 0.0
    cut = tax.Returns(
        period=returns.period[keep], operator=tuple(np.array(returns.operator)[keep]),
        base=returns.base[keep], tax=returns.tax[keep],
    )  # fmt: skip
    assert only(tax.examine(cut)).cause is Cause.MISSING_RETURN


def test_few_rows_are_no_law():
    returns = market()
    few = tax.Returns(
        period=returns.period[:8], operator=returns.operator[:8], base=returns.base[:8],
        tax=returns.tax[:8],
    )  # fmt: skip
    assert tax.examine(few).rates == ()


@given(st.integers(1_000, 10**9), st.data())
def test_slips_can_be_undone(number, data):
    longer = [each for each in slips(number) if len(str(each)) >= len(str(number))]
    made = data.draw(st.sampled_from(longer))
    assert number in set(slips(made))


def test_maryland_found_in_the_month_of_its_new_rate():
    with gzip.open(data_file("gaming/us_sportsbook_operator_month.csv.gz")) as file:
        rows = pd.read_csv(file, low_memory=False)
    mine = rows[
        (rows.state_code == "MD") & (rows.channel == "online") & (rows.period_type == "monthly")
        & rows.sport_category.isna() & (rows.operator_standard != "TOTAL")
    ].sort_values("period_end")  # fmt: skip
    month = pd.to_datetime(mine.period_end)
    returns = tax.Returns(
        period=(month.dt.year * 12 + month.dt.month).to_numpy(np.int64),
        operator=tuple(mine.operator_raw), base=mine.net_revenue.to_numpy(float),
        tax=mine.tax_paid.to_numpy(float),
    )  # fmt: skip
    found = tax.examine(returns)
    assert found.rates == (0.15, 0.2)
    assert [(each.period, each.before, each.after) for each in found.changes] == [
        (2025 * 12 + 6, 0.15, 0.2)
    ]
    assert found.off == ()
