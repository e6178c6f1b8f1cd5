"""Members beside the trees: who is taken in for a tenant, and what is then served."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit, logit

pytest.importorskip("torch")

from fraud.features import ENTITIES, FEATURES
from fraud.scoring.decide import FEATURES_VERSION, Policy, again, decide
from fraud.scoring.steps import STEPS
from fraud.training.members import candidates, join
from ml.ensemble.asked import probabilities
from ml.ensemble.served import load
from ml.ensemble.weights import LAST_EVENTS
from ml.training.split import by_time
from ml.trees import Forest
from ml.trees.export import artefact
from ml.trees.fitted import fit
from tests.ml.sequence.drawn import examples


def history(**how):
    """A tenant's examples; only the order of somebody's events tells the false ones."""
    drawn = examples(4_000, 300, features=len(STEPS), width=len(FEATURES), **how)
    ids = np.zeros((len(drawn), len(ENTITIES.names)))
    ids[:, ENTITIES.place("subject")] = drawn.context.ids[:, 0]
    ids[:, ENTITIES.place("publisher")] = 7.0
    return replace(drawn, names=FEATURES.names, context=replace(drawn.context, ids=ids))


@pytest.fixture(scope="module")
def whole():
    parts = by_time(history())
    fitted = fit(parts.fit, parts.tune, seed=1)
    forest = artefact(fitted, parts.fit, features_version=FEATURES_VERSION)
    found = candidates(parts, seed=1, networks=True)
    return parts, forest, fitted, found, join(forest, fitted.tuned, found, parts.tune, seed=1)


def test_who_knows_what_the_trees_cannot_is_taken_in(whole):
    parts, forest, *_, joined = whole

    kept = {each.name: each.kept for each in joined.standings}

    assert kept == {"unusual": False, "ring": False, LAST_EVENTS: True}
    assert joined.figures()["member_last_events"] == 1.0
    assert joined.figures()["member_last_events_low"] > 0.0
    served = load(joined.artefact)
    alone, both = Forest(forest).probabilities(parts.test.matrix), probabilities(served, parts.test)
    false = parts.test.truth > 0
    assert both[false].mean() > alone[false].mean() + 0.2


def test_without_anybody_beside_them_the_trees_are_served_as_they_are(whole):
    parts, forest, fitted, found, _ = whole

    joined = join(forest, fitted.tuned, replace(found, events=None), parts.tune, seed=1)

    assert joined.artefact == forest
    assert load(forest).version == Forest(forest).version


def test_what_is_served_is_what_was_trained(whole):
    assert whole[3].parity <= 1e-5


def some(whole, count=40):
    """A served ensemble with events it is uncertain of, and their ids and windows."""
    parts, *_, joined = whole
    part, context = parts.test.of(np.arange(count)), parts.test.context
    shown = [context.histories.window(each) for each in context.places[:count].tolist()]
    return load(joined.artefact), part, lambda places: [shown[each] for each in places.tolist()]


def test_a_decision_with_a_window_is_made_again_to_the_bit(whole):
    served, part, windows = some(whole)
    policy = Policy(on=True, review=1)

    made = decide(part.matrix, policy, model=served, ids=part.context.ids, windows=windows)

    seen = [each for each in made if each.window is not None]
    assert seen
    for each in seen:
        record = each.record("e" * 32, "ad.click", policy)
        assert again(record, served).record("e" * 32, "ad.click", policy) == record


def test_what_it_explains_adds_up_to_what_it_found(whole):
    served, part, windows = some(whole)
    found = served.judge(part.matrix, part.context.ids, windows)

    told = served.explain(part.matrix, found.margins)

    total = told.values.sum(axis=1) + told.bias
    assert expit(total) == pytest.approx(found.probabilities, abs=1e-9)
    assert told.values.shape[1] == len(served.names) == len(FEATURES) + 1


def test_the_slow_member_is_asked_where_the_quick_ones_are_uncertain_only(whole):
    served, part, windows = some(whole)
    asked = []

    def noted(places):
        asked.extend(places.tolist())
        return windows(places)

    found = served.judge(part.matrix, part.context.ids, noted)

    assert sorted(found.windows) == asked
    quick = served.judge(part.matrix, part.context.ids).probabilities
    untouched = np.setdiff1d(np.arange(len(part)), asked)
    assert found.probabilities[untouched].tolist() == quick[untouched].tolist()
    assert np.isfinite(logit(found.probabilities)).all()


def test_it_says_what_the_person_did_last_in_words(whole):
    served, part, windows = some(whole)

    made = decide(
        part.matrix, Policy(on=True, review=1), model=served, ids=part.context.ids, windows=windows
    )

    texts = [each["text"] for one in made for each in one.document()["contributions"]]
    assert any(text.startswith("What the person did last") for text in texts)


def test_a_day_without_networks_holds_those_that_serve_against_the_truth_again(whole):
    parts, forest, fitted, _, joined = whole

    held = candidates(parts, seed=2, networks=False, held=load(joined.artefact))
    again_ = join(forest, fitted.tuned, held, parts.tune, seed=2)

    assert {each.name for each in again_.standings} == {"unusual", LAST_EVENTS}
    assert load(again_.artefact).windowed
