"""An hour that pays more than its game is told; a jackpot is not."""

import math
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.contracts_anomalies import Level
from regulator.detectors.anomaly import Kind
from regulator.watch.payouts import MOST, Plays, every, gathered, learn, spikes, until
from regulator.watch.sensitivity import Levels

GAME = ("lucky", "slots")
HOURS, BETS = 240, 60


def played(seed=3, hours=HOURS, first=1_000):
    """Stakes, and payouts of slots: a win in four, log-normal."""
    rng = np.random.default_rng(seed)
    size = hours * BETS
    stakes = np.round(100 * rng.lognormal(1.0, 0.8, size)) + 1
    won = rng.lognormal(np.log(3.76) - 1.125, 1.5, size) * (rng.random(size) < 0.25)
    hour = np.repeat(np.arange(first, first + hours), BETS)
    return Plays(hour=hour, stakes=stakes, payouts=np.round(stakes * won))


KNOWN = learn({GAME: played()}).games
NOW = played(seed=4, hours=30, first=5_000)


def told(plays, level=Level.NORMAL, first=5_000):
    return spikes(
        KNOWN, {GAME: plays}, Levels({("lucky", ""): level}), currencies={"lucky": "EUR"},
        first=first,
    )  # fmt: skip


def raised(factor, hours=1):
    payouts = NOW.payouts.copy()
    part = slice(10 * BETS, (10 + hours) * BETS)
    payouts[part] += factor * NOW.stakes[part]
    return Plays(hour=NOW.hour, stakes=NOW.stakes, payouts=payouts)


def test_honest_hours_and_a_jackpot_are_no_spike():
    assert told(NOW) == []
    payouts = NOW.payouts.copy()
    payouts[5] = NOW.stakes[5] * 4_000
    assert told(Plays(hour=NOW.hour, stakes=NOW.stakes, payouts=payouts)) == []


def test_an_hour_that_pays_too_much_is_told_with_its_game_and_amounts():
    (found,) = told(raised(2.5))
    assert (found.operator, found.kind) == (GAME[0], Kind.PAYOUT_SPIKE)
    assert found.started_at.timestamp() == 5_010 * 3_600
    assert found.evidence["game_type"] == "slots"
    assert "EUR" in found.explanation


def test_what_is_too_little_for_one_hour_adds_up():
    assert told(raised(0.45)) == []
    (found,) = told(raised(0.45, hours=12))
    assert found.ended_at - found.started_at >= timedelta(hours=3)
    assert found.started_at.timestamp() // 3_600 == pytest.approx(5_010, abs=4)


def test_hours_before_the_first_are_looked_at_but_not_told():
    assert told(raised(2.5), first=5_025) == []
    (found,) = told(raised(0.45, hours=12), first=5_021)
    assert found.started_at.timestamp() == 5_021 * 3_600


def test_what_is_not_yet_whole_can_be_left_out():
    assert set(until(NOW, 5_003).hour) == {5_000, 5_001, 5_002}
    assert told(until(NOW, 4_000)) == []


def test_a_game_whose_payouts_come_much_later_is_judged_beside_others():
    late = played()
    found = learn({GAME: Plays(hour=late.hour, stakes=late.stakes * 0, payouts=late.payouts)})
    assert (found.games, found.late) == ({}, {GAME})
    nothing = learn({GAME: Plays(hour=late.hour, stakes=late.stakes, payouts=late.payouts * 0)})
    assert (nothing.games, nothing.late) == ({}, set())


@given(st.integers(0, 10**10))
def test_larger_markets_are_learned_from_fewer_of_their_hours(records):
    step = every(records)
    assert math.gcd(step, 24) == 1
    assert records // step <= MOST or step == every(10**12)
    assert every(records + 10**6) >= step


def test_rows_are_gathered_by_operator_and_game():
    found = gathered([("a", "slots", 1, 5, 0), ("b", "slots", 1, 6, 1), ("a", "slots", 2, 7, 2)])
    assert found["a", "slots"].hour.tolist() == [1, 2]
    assert found["b", "slots"].stakes.tolist() == [6.0]
    assert gathered([]) == {}


@pytest.mark.parametrize("level", list(Level))
def test_a_level_never_tells_of_an_honest_hour(level):
    assert len(told(NOW, level)) <= (1 if level is Level.HIGH else 0)
