"""What the stores answer equals what the models give on the same journeys, whatever the route."""

import random
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from attribution import handlers, queries
from attribution.contracts import LEARNED, Model
from attribution.credit import attribute, deep, parse
from attribution.learned import fitting
from tests.attribution.stories import START as STORY_START
from tests.attribution.stories import click, purchase

CHANNELS = ("Paid Search", "Paid Social", "Email", "Organic Search", "Affiliates", "Direct")
SEED = 11
TOUCHED = [model for model in Model if model is not Model.DEEP]
CASES = [(model, 1) for model in Model if model not in LEARNED] + [
    (Model.MARKOV, order) for order in (2, 3, 4)
]


def journeys(seed):
    """(touches as (day, channel), value or None) of 150 people, one journey each."""
    rng = random.Random(seed)
    for _ in range(150):
        days = sorted(rng.sample(range(20), rng.randint(1, 6)))
        path = [(day, rng.choice(CHANNELS)) for day in days]
        yield path, rng.randint(1, 400) if rng.random() < 0.4 else None


@pytest.fixture
def told(acme, as_tenant):
    """The journeys as events, in three batches that cut through them."""
    events, position = [], 0
    for number, (path, value) in enumerate(journeys(SEED)):
        for day, channel in path:
            position += 1
            events.append(click(position, f"p{number}", day, channel))
        if value is not None:
            position += 1
            events.append(purchase(position, f"p{number}", path[-1][0] + 0.5, float(value)))
    with as_tenant(acme):
        for begin in range(0, len(events), len(events) // 3 + 1):
            handlers.handle(events[begin : begin + len(events) // 3 + 1])
        yield


def rows(seed):
    found = defaultdict(list)
    for path, value in journeys(seed):
        end = path[-1][0] + 0.5 if value is not None else path[-1][0]
        found["path"].append(" > ".join(channel for _, channel in path))
        found["conversions"].append(int(value is not None))
        found["nulls"].append(int(value is None))
        found["value"].append(float(value or 0))
        found["ages"] += [end - day for day, _ in path]
    return dict(found)


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(("model", "order"), CASES)
def test_it_gives_the_same_credit(model, order):
    data = rows(SEED)
    ages = np.array(data.pop("ages"), dtype=np.float64)
    params = {"order": order} if model is Model.MARKOV else {}
    expected = attribute(replace(parse(data), ages=ages), model, **params)
    start = STORY_START.date()
    found = queries.attribution(model=model, start=start, end=start.replace(day=30), order=order)
    got = {row.label: row for row in found.rows}
    assert found.totals.conversions == expected.total_conversions
    # The additive stores round each journey to billionths of a conversion and millionths of money;
    # Markov is solved from whole counts.
    near, money = (1e-9, 1e-7) if model is Model.MARKOV else (2e-7, 2e-4)
    for number, channel in enumerate(expected.channels):
        assert got[channel].conversions == pytest.approx(
            expected.conversions[number], rel=0, abs=near
        )
        assert got[channel].value == pytest.approx(expected.value[number], rel=0, abs=money)
        if expected.removal_effect is not None:
            assert got[channel].removal_effect == pytest.approx(
                expected.removal_effect[number], rel=0, abs=1e-9
            )


@pytest.fixture
def credited(told, monkeypatch):
    """Fitted without a network, every touch of every person with its credit."""
    monkeypatch.setattr(deep, "installed", lambda: False)
    fitting.fit(now=STORY_START)
    people = [queries.person(subject=f"p{number}") for number in range(150)]
    return [detail for person in people for detail in person.journeys]


@pytest.mark.usefixtures("told")
def test_touches_sum_to_channel_and_total_and_day_under_every_model(credited):
    start = STORY_START.date()
    everything = {"start": start, "end": start.replace(day=30)}
    day = credited[0].journey.ended_at.date()
    for model in TOUCHED:
        for days, journeys in (
            (everything, credited),
            ({"start": day, "end": day}, [d for d in credited if d.journey.ended_at.date() == day]),
        )[: 1 if model is Model.MARKOV else 2]:  # a chain of one day is another chain
            earned = defaultdict(float)
            for detail in journeys:
                for touch in detail.touches:
                    earned[touch.channel] += touch.credit.get(model, 0.0)
            report = queries.attribution(model=model, intervals=False, **days)
            for row in report.rows:
                assert earned[row.label] == pytest.approx(row.conversions, rel=0, abs=1e-9)
            assert sum(earned.values()) == pytest.approx(report.totals.conversions, abs=1e-9)


@pytest.mark.usefixtures("told")
def test_each_touch_says_how_sure_the_ensemble_is(credited):
    won = [touch for each in credited if each.journey.converted for touch in each.touches]
    assert all(0 <= touch.confidence <= 1 for touch in won)
    lost = [touch for each in credited if not each.journey.converted for touch in each.touches]
    assert all(touch.confidence is None for touch in lost)
