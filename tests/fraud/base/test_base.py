"""The shared base model of a tenant's first day."""

import numpy as np
import pytest

from bench.histories import simulated
from fraud.base import adopt
from fraud.base.kept import FAMILY, base
from fraud.models import TrainedModel
from fraud.rules import judge
from fraud.scoring import policy, serving
from fraud.scoring.decide import FEATURES_VERSION
from fraud.training import registry
from fraud.training.learn import learn
from kernel import clock
from ml.checks import check
from ml.ensemble.served import load

WHO = "a" * 32


@pytest.fixture(autouse=True)
def _forgetful():
    yield
    serving._remembered.clear()
    policy._remembered.clear()


def test_it_is_of_todays_features():
    """Otherwise: python -m bench.base_model."""
    assert base().features_version == FEATURES_VERSION


@pytest.fixture(scope="module")
def market():
    """A market it has not seen."""
    return learn(simulated(77, 500)[0]).examples


def test_it_is_what_every_served_model_must_be(market):
    rows = market.matrix[-100:]

    assert check(load(base().artefact), rows, load=lambda: load(base().artefact)) == []


def test_it_finds_what_is_false_in_a_market_it_has_not_seen(market):
    chances = load(base().artefact).probabilities(market.matrix)

    false = market.truth > 0
    assert (chances[false] >= 0.6).mean() >= 0.95
    assert (chances[~false] >= 0.6).mean() <= 0.005


def test_beside_the_rules_it_hardly_holds_back_who_is_honest(market):
    honest = market.matrix[market.truth <= 0]

    scores = np.maximum(judge(honest).score(), 100 * load(base().artefact).probabilities(honest))

    assert (scores.round() >= 60).mean() <= 0.005


def test_who_switches_scoring_on_for_the_first_time_has_it_at_once(
    acme, as_tenant, acme_owner_client
):
    answer = acme_owner_client.post(
        "/fraud/scoring/", {"on": "on", "review": "60", "block": "80"}, follow=True
    )

    assert "The shared base model takes part" in answer.content.decode()
    with as_tenant(acme):
        assert serving.champion().version == base().digest
        (item,) = registry.models()
        assert (item.family, item.state) == (FAMILY, "champion")
        assert registry.promotion(item).why == adopt.WHY


def test_whoever_has_or_had_a_model_is_left_alone(acme, as_tenant):
    with as_tenant(acme):
        assert adopt.adopt(actor=WHO, now=clock.now())
        registry.retire(why="Rules alone.", actor=WHO, now=clock.now())

        assert not adopt.adopt(actor=WHO, now=clock.now())
        assert serving.champion() is None


def test_a_button_puts_it_to_use_and_a_rival_has_none(acme, rival, as_tenant, acme_owner_client):
    page = acme_owner_client.get("/fraud/models/").content.decode()
    assert "Use the shared base model" in page

    acme_owner_client.post("/fraud/models/base/")

    after = acme_owner_client.get("/fraud/models/").content.decode()
    assert "Use the shared base model" not in after
    with as_tenant(rival):
        assert not TrainedModel.objects.exists()


def test_one_of_other_features_is_not_put_to_use(acme, as_tenant, monkeypatch):
    monkeypatch.setattr(adopt, "FEATURES_VERSION", "other")
    with as_tenant(acme):
        assert not adopt.adopt(actor=WHO, now=clock.now())
