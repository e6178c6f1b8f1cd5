"""The shared base model of a tenant's first day."""

import uuid
from datetime import timedelta

import numpy as np
import pytest

from bench.histories import simulated
from fraud import tasks
from fraud.base import adopt, offered
from fraud.base.kept import FAMILY, base
from fraud.base.trial import trial
from fraud.models import TrainedModel
from fraud.rules import judge
from fraud.scoring import policy, serving
from fraud.scoring.decide import FEATURES_VERSION, Policy
from fraud.training import progress, registry
from fraud.training.learn import learn
from ml.checks import check
from ml.ensemble.served import load
from ml.served import Found
from tests.fraud.training.told import START, history

WHO = "a" * 32


@pytest.fixture(autouse=True)
def _forgetful(monkeypatch):
    """What a process remembers, and the cache of trainings, goes with its test."""
    monkeypatch.setattr(progress.TRAINING, "key", uuid.uuid4().hex)
    yield
    serving._remembered.clear()
    policy._remembered.clear()


def test_it_is_of_todays_features():
    """Otherwise: python -m bench.base_model."""
    assert base().features_version == FEATURES_VERSION


@pytest.fixture(scope="module", params=[False, True], ids=["clients", "a server"])
def market(request):
    """A market it has not seen, of clients or of a server that knows nothing of devices."""
    return learn(simulated(77, 800, bare=request.param)[0]).examples


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


class Judging:
    """A model that finds a share of what it is shown false."""

    windowed, version = False, "b" * 64

    def __init__(self, share):
        self.share = share

    def judge(self, matrix, ids=None, windows=None):
        found = np.zeros(len(matrix))
        found[: int(self.share * len(matrix))] = 0.9
        return Found(probabilities=found)


def tried(share, installs=150):
    log = history(installs, false=0.0)
    return trial(log, log, since=START, policy=Policy(on=True), model=Judging(share))


def test_it_judges_where_it_holds_back_hardly_more_than_the_rules():
    found = tried(0.01)

    assert found.fits
    assert found.words() == (
        "The shared base model takes part: of 300 events it would hold back 3, the rules alone 0."
    )


def test_where_it_finds_far_more_false_it_does_not_fit():
    found = tried(0.5)

    assert not found.fits
    assert "does not fit this traffic" in found.words()


def test_on_few_events_it_waits():
    assert "too few" in tried(0.0, installs=20).words()


@pytest.fixture
def lived(monkeypatch):
    """A tenant's log that the base model fits."""
    now = START + timedelta(days=2)
    monkeypatch.setattr(adopt, "log", lambda: iter(history(150, false=0.0)))
    monkeypatch.setattr(adopt, "load", lambda _: Judging(0.0))
    return now


def test_where_it_fits_it_is_the_champion(acme, rival, as_tenant, lived):
    with as_tenant(acme):
        assert adopt.adopt(actor=WHO, now=lived).fits

        (item,) = registry.models()
        assert (item.digest, item.family, item.state) == (base().digest, FAMILY, "champion")
        assert registry.promotion(item).why.startswith("The shared base model takes part")
        assert serving.champion().version == base().digest
    with as_tenant(rival):
        assert not TrainedModel.objects.exists()


def test_broken_off_before_it_is_promoted_it_is_offered_again(acme, as_tenant, lived, monkeypatch):
    def broken(*_, **__):
        raise OSError("killed")

    monkeypatch.setattr(registry, "promote", broken)
    with as_tenant(acme):
        with pytest.raises(OSError, match="killed"):
            adopt.adopt(actor=WHO, now=lived)

        assert offered.offered()


def test_where_it_does_not_fit_the_rules_judge_alone(acme, as_tenant, lived, monkeypatch):
    monkeypatch.setattr(adopt, "load", lambda _: Judging(1.0))
    with as_tenant(acme):
        assert not adopt.adopt(actor=WHO, now=lived).fits
        assert not TrainedModel.objects.exists()


def test_whoever_has_or_had_a_model_is_left_alone(acme, as_tenant, lived):
    with as_tenant(acme):
        adopt.adopt(actor=WHO, now=lived)
        registry.retire(why="Rules alone.", actor=WHO, now=lived)

        assert adopt.adopt(actor=WHO, now=lived) is None
        assert serving.champion() is None


def test_one_of_other_features_is_not_offered(acme, as_tenant, monkeypatch):
    monkeypatch.setattr(offered, "FEATURES_VERSION", "other")
    with as_tenant(acme):
        assert not offered.offered()


def test_who_switches_scoring_on_has_it_tried(acme, acme_owner_client, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.try_base, "apply_async", lambda **how: asked.append(how["kwargs"]))

    acme_owner_client.post("/fraud/scoring/", {"on": "on", "review": "60", "block": "80"})

    assert [each["schema"] for each in asked] == [acme.schema_name]


def test_the_task_says_how_it_went(acme, acme_owner_client, as_tenant, lived, monkeypatch):
    monkeypatch.setattr(tasks.clock, "now", lambda: lived)

    tasks.try_base(schema=acme.schema_name, actor=WHO)

    page = acme_owner_client.get("/fraud/models/").content.decode()
    assert "The shared base model takes part: of 300 events" in page


def test_a_button_has_it_tried_while_there_is_none(acme, acme_owner_client, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.try_base, "apply_async", lambda **how: asked.append(how["kwargs"]))
    assert "Try the shared base model" in acme_owner_client.get("/fraud/models/").content.decode()

    acme_owner_client.post("/fraud/models/base/")

    assert len(asked) == 1
