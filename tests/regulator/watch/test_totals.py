"""Totals read as columns are the rows that are held, whatever their order and number."""

import numpy as np
import pytest

from regulator.models import Total
from regulator.watch import loading, totals
from regulator.watch.market import DAY, HOUR, Known, Row, build
from tests.regulator.watch.markets import START

SIZE = 60
END = START + SIZE * HOUR
NAMES = ("lucky", "other")


@pytest.fixture
def held(authority):
    """Hours and days of two operators and one that is not asked for, some of them outside."""
    rng = np.random.default_rng(5)
    rows = [
        Total(
            operator=name, span=span, start=START + hour * step, game=game, currency="EUR",
            stakes=int(rng.integers(0, 10**12)), payouts=int(rng.integers(0, 10**12)),
            refunds=int(rng.integers(0, 9)), events=int(rng.integers(1, 99)), players=1,
        )
        for name in (*NAMES, "third")
        for span, step in (("hour", HOUR), ("day", DAY))
        for game in ("", "slots", "sports")
        for hour in rng.choice(np.arange(-9, SIZE + 9), 30, replace=False).tolist()
    ]  # fmt: skip
    Total.objects.bulk_create(rows)
    return rows


def known(names=NAMES):
    return {name: Known(currency="EUR", since=START, until=END) for name in names}


@pytest.mark.parametrize(("span", "step"), [("hour", HOUR), ("day", DAY)])
def test_they_make_the_market_that_the_rows_make(held, span, step):
    rows = [
        Row(each.operator, each.start, each.stakes, each.payouts, each.refunds, each.events,
            each.game)
        for each in held if each.span == span
    ]  # fmt: skip
    end = START + 40 * step
    wanted = build(rows, known(), start=START, end=end, step=step)
    found = loading.market(known(), start=START, end=end, step=step)
    assert (found.operators, found.named) == (wanted.operators, wanted.named)
    assert found.named == ("slots", "sports")
    for name in ("stakes", "payouts", "refunds", "events"):
        assert np.array_equal(getattr(found, name), getattr(wanted, name), equal_nan=True)
    for name in ("games", "staked", "paid"):
        for one, other in zip(getattr(found, name), getattr(wanted, name), strict=True):
            assert np.array_equal(one, other, equal_nan=True)


def test_nothing_is_held_of_nobody(authority):
    found = totals.read((), start=START, end=END, step=HOUR)
    assert found.step.size == 0
    market = loading.market(known(), start=START, end=END, step=HOUR)
    assert market.named == ()
    assert not market.events.any()
