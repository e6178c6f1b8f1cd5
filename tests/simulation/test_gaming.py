"""The simulated market keeps its own rules."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from simulation.gaming import PAYS, RETURNS, Operator, records, season


@pytest.mark.parametrize("game", sorted(PAYS))
def test_a_game_returns_what_its_rules_make_likely(game):
    drawn = PAYS[game](np.random.default_rng(5), 2_000_000)
    assert drawn.mean() == pytest.approx(RETURNS[game], abs=5 * drawn.std() / 2_000_000**0.5)


def test_a_week_is_as_busy_as_it_is_long():
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    hours = [season(monday + timedelta(hours=hour)) for hour in range(168)]
    assert np.mean(hours) == pytest.approx(1.0)
    assert max(range(24), key=lambda hour: hours[hour]) == 20


def test_records_are_numbered_in_the_order_of_time_and_repeat_for_a_seed():
    house = Operator(name="lucky")
    made = list(records(house, seed=1, start=date(2026, 3, 2), hours=24))
    assert [each["sequence"] for each in made] == list(range(1, len(made) + 1))
    times = [each["occurred_at"][:13] for each in made]
    assert times == sorted(times)
    assert made == list(records(house, seed=1, start=date(2026, 3, 2), hours=24))
    assert made != list(records(house, seed=2, start=date(2026, 3, 2), hours=24))
    assert {each["type"] for each in made} == {"stake", "payout", "refund"}
