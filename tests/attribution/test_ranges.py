"""Any range of days of any segment: the stored sums answer what a rescan of the journeys does."""

import random
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attribution import handlers, queries
from attribution.contracts import EVERY, LEARNED, By, Model
from attribution.credit import attribute, parse
from attribution.projection import sums
from attribution.store.words import DEVICES
from tests.attribution.stories import START, click, purchase

CHANNELS = ("Paid Search", "Paid Social", "Email", "Organic Search", "Affiliates", "Direct")
TYPES = ("purchase", "sign-up")
MODELS = [(model, 1) for model in Model if model not in LEARNED] + [
    (Model.MARKOV, order) for order in (2, 3, 4)
]
_RESCAN = """
SELECT label.label, journey.conversion_type > 0, journey.value, journey.channels,
       (extract(epoch FROM journey.ended_at) * 1000000)::bigint, journey.times
FROM attribution_journey AS journey
LEFT JOIN attribution_name AS label ON label.id = journey.conversion_type AND label.dimension = 3
WHERE journey.day BETWEEN %s AND %s AND (%s::int IS NULL OR journey.segment = %s)
  AND (%s::text IS NULL OR journey.conversion_type = 0 OR label.label = %s)
  AND cardinality(journey.channels) > 0 ORDER BY journey.id
"""
_DAY = 86_400_000_000


@pytest.fixture
def told(acme, as_tenant):
    """A month of 200 people on several devices, who sign up, buy, buy again, or do nothing."""
    rng = random.Random(17)
    events, position = [], 0
    for number in range(200):
        day = rng.uniform(0, 15)
        for _ in range(rng.randint(1, 3)):
            for _ in range(rng.randint(1, 4)):
                day += rng.uniform(0.01, 3)
                device, position = rng.choice(DEVICES[1:]), position + 1
                channel = rng.choice(CHANNELS)
                events.append(click(position, f"p{number}", day, channel, device=device))
            if rng.random() < 0.5:
                day, position = day + 0.2, position + 1
                value, kind = rng.randint(1, 90), rng.choice(TYPES)
                person = f"p{number}"
                events.append(purchase(position, person, day, value, conversion_type=kind))
    rng.shuffle(events)
    with as_tenant(acme):
        for begin in range(0, len(events), 150):
            handlers.handle(events[begin : begin + 150])
        yield


def rescan(start, end, segment, kind):
    """Journeys with touches of the range, one by one, as paths; and the labels of their keys."""
    device = DEVICES.index(segment) if segment else None
    found = sums.rows(_RESCAN, [start, end, device, device, kind, kind])
    data = {
        "path": [" > ".join(map(str, row[3])) for row in found],
        "conversions": [int(row[1]) for row in found],
        "nulls": [int(not row[1]) for row in found],
        "value": [row[2] / 1e6 for row in found],
    }
    ages = np.array([(row[4] - at) / _DAY for row in found for at in row[5]])
    direct = [key for key, label in sums.labels(0).items() if label == "Direct"]
    return data, ages, tuple(map(str, direct))


@pytest.mark.usefixtures("told")
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    first=st.integers(0, 25),
    length=st.integers(0, 25),
    segment=st.sampled_from([None, *DEVICES[1:]]),
    kind=st.sampled_from([None, *TYPES]),
    asked=st.sampled_from(MODELS),
)
def test_it_answers_as_a_rescan_does(first, length, segment, kind, asked):
    model, order = asked
    start = START.date() + timedelta(days=first)
    end = start + timedelta(days=length)
    data, ages, direct = rescan(start, end, segment, kind)

    report = queries.attribution(
        model=model, order=order, start=start, end=end, by=By.CHANNEL,
        segment=segment or EVERY, conversion_type=kind or EVERY, intervals=False,
    )  # fmt: skip

    assert report.totals.conversions == sum(data["conversions"])
    assert report.totals.nulls == sum(data["nulls"])
    assert report.totals.value == pytest.approx(sum(data["value"]), abs=1e-6)
    if not sum(data["conversions"]):
        return
    params = {"order": order} if model is Model.MARKOV else {}
    if model is Model.LAST_NON_DIRECT:
        params = {"direct": direct}
    expected = attribute(replace(parse(data), ages=ages), model, **params)
    got = {row.label: row for row in report.rows}
    labels = sums.labels(0)
    for place, key in enumerate(expected.channels):
        row = got.get(labels[int(key)])  # without credit, and without a touch in these days
        found = (row.conversions, row.value) if row else (0.0, 0.0)
        # Sums over journeys are kept in billionths and millionths of each of them.
        assert found[0] == pytest.approx(expected.conversions[place], abs=2e-7)
        assert found[1] == pytest.approx(expected.value[place], abs=2e-4)
