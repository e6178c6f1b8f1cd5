"""Days of single stakes: beats and high stakes that stop coming, at their own operator alone."""

from collections import Counter
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.contracts_anomalies import Level
from regulator.detectors import tempo
from regulator.detectors.anomaly import Kind
from regulator.watch.market import DAY
from regulator.watch.played import Game, Played, above, short, threshold
from regulator.watch.sensitivity import Levels
from regulator.watch.stakes import cell
from tests.regulator.watch.markets import START

DAYS, SINCE = 70, 40


def game(*, out=0.0, high=1.0, seed=1, days=DAYS):
    """Days of a game; from ``SINCE`` on a share ``out`` of bets and of high stakes is left out."""
    rng = np.random.default_rng(seed)
    pairs, uneven, cells = np.zeros(days), np.zeros(days), []
    for day in range(days):
        late = day >= SINCE
        amounts = np.round(100 * rng.lognormal(1.5, 1.0, 3_000)).astype(int)
        if late and high < 1.0:
            amounts = amounts[(amounts < 3_500) | (rng.random(amounts.size) < high)]
        share = tempo.uneven_share(0.2, out if late else 0.0)
        pairs[day] = 2_000
        uneven[day] = rng.binomial(2_000, share)
        cells.append(Counter(cell(int(each)) for each in amounts))
    return Game(pairs=pairs, uneven=uneven, cells=tuple(cells))


def played(name="lucky", **games):
    return Played(operator=name, currency="EUR", start=START.date(), games=games)


def test_honest_days_say_nothing():
    assert short([played(slots=game(), table=game(seed=2))], Levels(), among=10) == []
    assert short([played()], Levels(), among=10) == []


def test_bets_that_are_taken_out_leave_beats_missing_from_that_day_on():
    (told,) = short(
        [played(slots=game(out=0.1)), played("other", slots=game(seed=3))], Levels(), among=10
    )
    assert (told.operator, told.kind) == ("lucky", Kind.THINNING)
    assert abs(told.started_at - (START + SINCE * DAY)) <= 2 * DAY
    assert told.ended_at == START + DAYS * DAY
    assert told.evidence["missing"] == pytest.approx(0.1, abs=0.03)


def test_high_stakes_that_stop_coming_are_told_with_their_game_and_amount():
    (told,) = short([played(slots=game(seed=4), table=game(high=0.1))], Levels(), among=10)
    assert (told.kind, told.evidence["game_type"]) == (Kind.MISSING_HIGH_STAKES, "table")
    assert abs(told.started_at - (START + SINCE * DAY)) <= 3 * DAY
    assert told.explanation.startswith("On table, ")
    assert "EUR" in told.explanation


def test_in_a_larger_market_each_is_accused_more_seldom():
    each = played(slots=game(out=0.03, days=50))
    counts = [len(short([each], Levels(), among=among)) for among in (10, 1_000, 10**9)]
    assert counts == [1, 1, 0]


def test_a_lower_level_accuses_no_more_than_a_higher_one():
    each = played(slots=game(out=0.02), table=game(high=0.75, seed=5))
    counts = [
        len(short([each], Levels({("lucky", ""): level}), among=10))
        for level in (Level.LOW, Level.NORMAL, Level.HIGH)
    ]
    assert counts == sorted(counts)
    assert counts[-1] > 0


def test_too_few_days_say_nothing():
    assert short([played(slots=game(out=0.5, high=0.0, days=20))], Levels(), among=10) == []


@given(st.dictionaries(st.integers(1, 99), st.integers(1, 50), min_size=1, max_size=40))
def test_at_most_a_hundredth_is_called_high(cells):
    least = threshold([cells])
    whole = sum(cells.values())
    if least is None:
        assert cells[max(cells)] > whole / 100
    else:
        assert above([cells], least)[0] <= whole / 100
    assert above([cells], 0)[0] == whole


def test_times_are_of_days():
    (told,) = short([played(slots=game(out=0.2))], Levels(), among=10)
    assert told.started_at == datetime.combine(told.started_at.date(), datetime.min.time(), UTC)
