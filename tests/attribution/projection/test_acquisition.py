"""New customers: each model shares out first conversions as it does all, and what one costs."""

import random
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from attribution import handlers, queries
from attribution.contracts import LEARNED, By, Model
from attribution.credit import attribute, deep, parse
from attribution.learned import fitting
from tests.attribution.stories import START as STORY_START
from tests.attribution.stories import click, erased, identified, purchase, rejected, spend

CHANNELS = ("Paid Search", "Paid Social", "Email", "Organic Search", "Direct")
CASES = [(model, 1) for model in Model if model not in LEARNED] + [(Model.MARKOV, 3)]
DAYS = {"start": STORY_START.date(), "end": STORY_START.date().replace(day=30)}
SEED = 3


def lives(seed):
    """People's touches (day, channel), cut where they bought; the last part may lead nowhere."""
    rng = random.Random(seed)
    for _ in range(120):
        parts, day = [], 0.0
        for number in range(rng.randint(1, 3)):
            path = []
            for _ in range(rng.randint(1, 4)):
                day += 1
                path.append((day, rng.choice(CHANNELS)))
            bought = rng.random() < (0.5 if number == 0 else 0.8)
            parts.append((path, day + 0.5 if bought else None))
            if not bought:
                break
        yield parts


@pytest.fixture
def in_acme(acme, as_tenant):
    with as_tenant(acme):
        yield


@pytest.fixture
def told(in_acme):
    """The lives as events, the second half of the log before the first: much comes late."""
    events, position = [], 0
    for number, parts in enumerate(lives(SEED)):
        for path, bought in parts:
            for day, channel in path:
                position += 1
                events.append(click(position, f"p{number}", day, channel))
            if bought is not None:
                position += 1
                events.append(purchase(position, f"p{number}", bought))
    half = len(events) // 2
    handlers.handle(events[half:])
    handlers.handle(events[:half])


def firsts(seed):
    """What the models are to share out: first purchases and journeys that led nowhere."""
    found = defaultdict(list)
    for parts in lives(seed):
        for number, (path, bought) in enumerate(parts):
            if number and bought is not None:
                continue
            end = path[-1][0] if bought is None else bought
            found["path"].append(" > ".join(channel for _, channel in path))
            found["conversions"].append(int(bought is not None))
            found["nulls"].append(int(bought is None))
            found["ages"] += [end - day for day, _ in path]
    return dict(found)


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(("model", "order"), CASES)
def test_it_shares_out_first_conversions_as_the_model_shares_out_all(model, order):
    data = firsts(SEED)
    ages = np.array(data.pop("ages"), dtype=np.float64)
    params = {"order": order} if model is Model.MARKOV else {}
    expected = attribute(replace(parse(data), ages=ages), model, **params)

    report = queries.attribution(model=model, order=order, new_customers=True, **DAYS)

    got = {row.label: row for row in report.rows}
    assert report.totals.new_customers == expected.total_conversions < report.totals.conversions
    for number, channel in enumerate(expected.channels):
        amount = expected.conversions[number]
        assert got[channel].new_customers == pytest.approx(amount, rel=0, abs=2e-7)
        assert got[channel].new_customers_low <= amount <= got[channel].new_customers_high


@pytest.mark.usefixtures("told")
def test_fitted_models_share_out_all_new_customers(monkeypatch):
    monkeypatch.setattr(deep, "installed", lambda: False)
    fitting.fit(now=STORY_START)
    for model in set(LEARNED) - {Model.DEEP}:
        report = queries.attribution(model=model, new_customers=True, **DAYS)
        shared = sum(row.new_customers for row in report.rows)
        assert shared == pytest.approx(report.totals.new_customers)
        for row in report.rows:
            assert row.new_customers_low <= row.new_customers <= row.new_customers_high


def new(**asked):
    """Label -> new customers under last touch, and how many no touch led to."""
    report = queries.attribution(model=Model.LAST, new_customers=True, **DAYS, **asked)
    return {
        row.label: row.new_customers for row in report.rows if row.new_customers
    }, report.totals.unattributed_new_customers


@pytest.mark.usefixtures("in_acme")
def test_an_earlier_conversion_that_comes_late_is_the_first():
    handlers.handle([click(1, "a", 1, "Email"), click(2, "a", 5, "Display"), purchase(3, "a", 6)])
    assert new() == ({"Display": 1.0}, 0)

    handlers.handle([purchase(4, "a", 2)])

    assert new() == ({"Email": 1.0}, 0)


@pytest.mark.usefixtures("in_acme")
def test_who_turns_out_to_be_a_customer_already_is_no_new_one():
    handlers.handle([click(1, "a", 1, "Email"), purchase(2, "a", 2)])
    handlers.handle([click(3, "b", 5, "Display"), purchase(4, "b", 6)])
    assert new() == ({"Email": 1.0, "Display": 1.0}, 0)

    handlers.handle([identified(5, "b", "a", day=7)])

    assert new() == ({"Email": 1.0}, 0)


@pytest.mark.usefixtures("in_acme")
def test_each_type_of_conversion_has_a_first():
    handlers.handle([
        click(1, "a", 1, "Email"), purchase(2, "a", 2, conversion_type="sign-up"),
        click(3, "a", 3, "Display"), purchase(4, "a", 4), purchase(5, "a", 5),
    ])  # fmt: skip

    assert new(conversion_type="sign-up") == ({"Email": 1.0}, 0)
    assert new(conversion_type="purchase") == ({"Display": 1.0}, 0)
    assert new() == ({"Email": 1.0, "Display": 1.0}, 0)


@pytest.mark.usefixtures("in_acme")
def test_a_customer_whose_touches_were_rejected_came_by_none():
    handlers.handle([click(1, "a", 1, "Email"), purchase(2, "a", 2), rejected(3, [1])])

    assert new() == ({}, 1)


@pytest.mark.usefixtures("in_acme")
def test_an_erased_customer_is_none():
    handlers.handle([click(1, "a", 1, "Email"), purchase(2, "a", 2), erased(3, "a")])

    assert new() == ({}, 0)


@pytest.mark.usefixtures("in_acme")
def test_cac_is_cost_by_new_customers():
    handlers.handle([
        spend(1, 1, "Email", 30.0), spend(2, 1, "Display", 8.0),
        click(3, "a", 1, "Email"), purchase(4, "a", 2),
        click(5, "a", 3, "Email"), purchase(6, "a", 4),
    ])  # fmt: skip

    report = queries.attribution(model=Model.LAST, new_customers=True, **DAYS)

    rows = {row.label: row for row in report.rows}
    assert (rows["Email"].cpa, rows["Email"].cac) == (15.0, 30.0)
    assert rows["Email"].cac_low < 30.0 < (rows["Email"].cac_high or np.inf)
    assert (rows["Display"].new_customers, rows["Display"].cac) == (0.0, None)
    assert report.totals.cac == 38.0


@pytest.mark.usefixtures("in_acme")
def test_they_are_not_counted_unless_asked_for():
    handlers.handle([click(1, "a", 1, "Email"), purchase(2, "a", 2)])

    report = queries.attribution(model=Model.LAST, **DAYS)

    assert report.totals.new_customers is None
    assert {row.new_customers for row in report.rows} == {None}


@pytest.mark.usefixtures("told")
def test_the_tables_and_the_headline_count_the_same():
    table = queries.performance(by=By.CHANNEL, model=Model.LINEAR, new_customers=True, **DAYS)
    report = queries.attribution(model=Model.LINEAR, new_customers=True, **DAYS)
    headline = queries.overview(**DAYS)

    assert sum(row.new_customers for row in table) == pytest.approx(report.totals.new_customers)
    assert headline.current.new_customers == report.totals.new_customers
