"""POST /api/v1/anomaly/detect: by the baseline at first, then by what was learned of the market."""

from datetime import timedelta

import numpy as np
import pytest
from django.test import Client
from django_tenants.utils import tenant_context

from eventlog import read
from kernel import clock
from regulator.learned import registry, serving
from regulator.learned.run import described
from regulator.learned.train import train
from regulator.models import LearnedModel, Total
from tests.conftest import fresh_tenant
from tests.regulator.learned.told import series

PATH = "/api/v1/anomaly/detect"
WEEKS = 23
LOST = 30
"""Hours before the end that the operator lucky has lost, and eleven after."""


def begins():
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    return now - timedelta(hours=WEEKS * 168)


@pytest.fixture(scope="module")
def market():
    told = series(weeks=WEEKS, start=begins())
    return train(told, seed=1, passes=1, count=1), told


@pytest.fixture
def figures(authority, market):
    """The authority's operators have the market's hours, some of lucky's lost."""
    told = market[1]
    values = told.values.copy()
    values[-LOST : -LOST + 12, 0] *= 0.05
    Total.objects.bulk_create(
        Total(
            operator=name, span="hour", start=told.at(hour), game="", currency="EUR",
            stakes=int(values[hour, place, 0]), payouts=int(values[hour, place, 1]),
            events=int(values[hour, place, 2]),
        )
        for place, name in enumerate(("lucky", "other"))
        for hour in range(len(told))
    )  # fmt: skip
    return told


@pytest.fixture
def learned(authority, market):
    """The market's detectors judge."""
    serving.forget()
    item = described(market[0], seconds=1.0, now=clock.now())
    registry.register(item, market[0].artefact, now=clock.now())
    registry.promote(item.digest, why="For a test.", actor="worker", now=clock.now())
    yield item
    serving.forget()


@pytest.fixture
def ask(authority, committed_key):
    from django.db import connection

    def post(body):
        answer = Client().post(
            PATH, body, content_type="application/json",
            headers={"authorization": f"Bearer {committed_key}"},
        )  # fmt: skip
        connection.set_tenant(authority)
        return answer

    return post


def of_lucky(told, **more):
    return {
        "operator": "lucky", "start": told.at(len(told) - 72).isoformat(),
        "end": told.at(len(told)).isoformat(), **more,
    }  # fmt: skip


def sent(told, hours=WEEKS * 168):
    first = len(told) - hours
    return [
        {
            "at": told.at(hour).isoformat(), "stakes": float(told.values[hour, 0, 0]),
            "payouts": float(told.values[hour, 0, 1]), "events": float(told.values[hour, 0, 2]),
        }
        for hour in range(first, len(told))
    ]  # fmt: skip


def test_before_anything_is_learned_the_baseline_judges(ask, figures):
    serving.forget()

    answer = ask(of_lucky(figures))

    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert [each["name"] for each in told["members"]] == ["baseline"]
    assert {each["kind"] for each in told["anomalies"]} == {"baseline"}
    assert ask(of_lucky(figures, members=["course"])).json()["code"] == "no_model"


def test_what_was_learned_judges_and_says_who_it_is(ask, figures, learned):
    told = ask(of_lucky(figures, members=["baseline", "isolation", "course"])).json()

    assert {each["name"] for each in told["members"]} == {"baseline", "isolation", "course"}
    assert any(learned.digest in each["version"] for each in told["members"])
    (found,) = [
        each for each in told["anomalies"]
        if each["started_at"] <= figures.at(len(figures) - LOST + 12).strftime("%Y-%m-%dT%H:%M:%SZ")
    ][:1]  # fmt: skip
    assert found["operator"] == "lucky"
    assert found["severity"] >= 0.5
    assert found["explanation"]


def test_a_series_of_the_callers_own_is_judged(ask, figures, learned):
    values = sent(figures, hours=60 * 24)
    for each in values[-LOST : -LOST + 12]:
        each["events"] *= 0.02
        each["stakes"] *= 0.02
    del values[100:103]

    told = ask({"values": values, "members": ["baseline"]}).json()

    assert told["operator"] == ""
    assert told["anomalies"]


def test_what_cant_be_answered_is_a_problem(ask, figures):
    ends = figures.at(len(figures))
    few = sent(figures, hours=30 * 24)
    twice = sent(figures, hours=60 * 24)
    twice[5] = twice[4]
    cases = {
        "invalid_question": ({}, {"operator": "lucky"}, {"values": [{"at": "x"}]},
                             of_lucky(figures, values=few), of_lucky(figures, members=["x"]),
                             of_lucky(figures, start="0001-01-01T00:00:00+14:00"),
                             of_lucky(figures, end="9999-12-31T23:59:59-14:00"),
                             {"values": [{**few[0], "at": "0001-01-01T00:00:00Z"}, *few[1:]]},
                             {"values": [{**few[0], "stakes": "nan"}, *few[1:]]}),
        "too_few_values": ({"values": few},),
        "invalid_series": (
            {"values": twice},
            of_lucky(figures, start=(ends - timedelta(days=40)).isoformat()),
            of_lucky(figures, start=ends.isoformat()),
        ),
        "not_found": (of_lucky(figures, operator="nobody"),
                      of_lucky(figures, operator="nobody", values=[])),
    }  # fmt: skip

    for code, bodies in cases.items():
        for body in bodies:
            answer = ask(body)
            assert (answer.json()["code"], answer.status_code // 100) == (code, 4)


def test_an_advertiser_has_none_of_it(acme_key):
    answer = Client().post(
        PATH, {}, content_type="application/json", headers={"authorization": f"Bearer {acme_key}"}
    )

    assert (answer.status_code, answer.json()["code"]) == (404, "no_regulator")


def test_each_step_of_a_model_is_an_event(authority, learned, market):
    types = [each.type for each in read.latest(limit=2)]

    assert sorted(types) == ["gaming.model_promoted", "gaming.model_registered"]
    (item,) = registry.models()
    assert (item.digest, item.state) == (market[0].model.version, "champion")
    assert set(item.ways) == {"a", "b"}
    assert np.isfinite(list(item.figures.values())).all()


def test_an_earlier_model_can_be_put_back(authority, learned):
    LearnedModel.objects.create(
        digest="f" * 64, family="market-hours", state="challenger", registered_at=clock.now(),
        figures={}, ways={}, learned_from={}, artefact=b"",
    )  # fmt: skip
    registry.promote("f" * 64, why="", actor="worker", now=clock.now())

    assert serving.champion() is None  # its bytes are no model, and hours are judged without
    assert registry.roll_back(actor="worker", now=clock.now()) == learned.digest
    assert serving.champion().version == learned.digest


def test_a_rivals_model_is_never_used(learned, django_db_blocker):
    with django_db_blocker.unblock(), fresh_tenant() as rival, tenant_context(rival):
        assert serving.champion() is None
        assert not registry.models()
