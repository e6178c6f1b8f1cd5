"""Missing beats: sittings that bets were taken out of, and those that were only shorter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.detectors import Kind, tempo

DAYS, DAY = 40, 86_400.0


def sittings(rng, per_day=250, bets=8):
    """Seconds and players of bets at a pace of each sitting's own, a pause now and then."""
    start = np.repeat(rng.random(DAYS * per_day) * DAYS * DAY, bets)
    pace = np.repeat(rng.lognormal(1.8, 0.3, DAYS * per_day), bets)
    gap = pace * rng.lognormal(0, 0.15, start.size) * np.where(rng.random(start.size) < 0.04, 5, 1)
    within = np.cumsum(gap.reshape(-1, bets), axis=1).ravel()
    return start + within, np.repeat(np.arange(DAYS * per_day), bets)


def counted(seconds, player):
    return tempo.beats(seconds, player, np.zeros(player.size, int), span=DAY, periods=DAYS)


@pytest.mark.parametrize("cut", [0.1, 0.3])
def test_bets_taken_out_at_random_leave_missing_beats(cut):
    rng = np.random.default_rng(1)
    seconds, player = sittings(rng)
    assert tempo.anomaly(counted(seconds, player)) is None
    kept = (seconds < 30 * DAY) | (rng.random(seconds.size) >= cut)
    told = tempo.anomaly(counted(seconds[kept], player[kept]))
    assert told.kind == Kind.THINNING
    assert told.started == pytest.approx(30, abs=1)
    assert told.evidence["missing"] == pytest.approx(cut, abs=0.4 * cut)


def test_fewer_players_are_no_missing_beats():
    seconds, player = sittings(np.random.default_rng(2))
    kept = (seconds < 30 * DAY) | (player % 2 == 0)
    assert tempo.anomaly(counted(seconds[kept], player[kept])) is None


def test_a_pair_is_of_one_player_and_one_game_and_of_no_longer_gaps_than_a_sitting_has():
    at, one = np.array([0.0, 10, 20, 40, 1_000]), np.zeros(5, int)
    found = tempo.beats(at, one, one, span=DAY, periods=1)
    assert (found.pairs.tolist(), found.uneven.tolist()) == ([2.0], [1.0])
    apart = tempo.beats(at, np.arange(5), one, span=DAY, periods=1)
    assert apart.pairs.tolist() == [0.0]


def test_little_play_and_a_short_past_say_nothing():
    few = tempo.Beats(pairs=np.full(60, 50.0), uneven=np.full(60, 40.0))
    assert tempo.anomaly(few) is None
    short = tempo.Beats(pairs=np.full(20, 5_000.0), uneven=np.full(20, 400.0))
    assert tempo.anomaly(short) is None


@given(st.floats(0, 0.45), st.floats(0.01, 0.4))
def test_the_share_taken_out_is_what_the_formula_was_made_from(taken, usual):
    assert tempo.missing(tempo.uneven_share(usual, taken), usual) == pytest.approx(taken, abs=1e-6)
