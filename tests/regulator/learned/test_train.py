"""A tiny market learned in seconds: what is kept, served and said of it."""

import json

import msgspec
import numpy as np
import pytest

from regulator.detectors.anomaly import Kind
from regulator.learned.judging import anomalies, judge
from regulator.learned.members import BASELINE, COURSE, ISOLATION, MEMBERS, NETWORK
from regulator.learned.model import Model, ModelUnusable, pack
from regulator.learned.parts import TooLittleHistory, parts
from regulator.learned.steps import Step
from regulator.learned.train import PARITY, train
from regulator.watch.learned import KINDS, learned
from tests.regulator.learned.told import series

FIRST = 21 * 168


@pytest.fixture(scope="module")
def trained():
    told = []
    found = train(series(), seed=1, passes=1, count=1, told=lambda step, _: told.append(step))
    return found, told


def test_parts_are_whole_weeks_one_after_the_other():
    cut = parts(30 * 168 + 5)

    assert cut.fit < cut.held < cut.calibrate < cut.trial < cut.end == 30 * 168 + 5
    assert (cut.end - cut.trial) % 168 == 0
    with pytest.raises(TooLittleHistory):
        parts(21 * 168)


def test_steps_are_told_in_their_order(trained):
    told = list(dict.fromkeys(trained[1]))

    assert told == [step for step in Step if step in told]
    assert told[-1] is Step.GATE


def test_what_is_served_is_what_was_trained(trained):
    assert trained[0].figures["parity"] <= PARITY


def test_each_comparison_is_kept(trained):
    found = trained[0]

    assert set(found.ways.compared) == set(found.ways.chosen) == {"a", "b"}
    assert all(
        (way == NETWORK) == found.ways.compared[name].better
        for name, way in found.ways.chosen.items()
    )


def test_the_same_seed_gives_the_same_model(trained):
    again = train(series(), seed=1, passes=1, count=1)

    assert again.artefact == trained[0].artefact
    assert Model(again.artefact).version == trained[0].model.version


def test_bytes_of_other_features_are_refused(trained):
    packed = trained[0].model.packed

    with pytest.raises(ModelUnusable):
        Model(pack(msgspec.structs.replace(packed, features=packed.features[1:])))
    with pytest.raises(ModelUnusable):
        Model(b"nothing")


def test_nothing_after_an_hour_changes_what_is_said_of_it(trained):
    whole = series()
    changed = whole.part(0, len(whole))
    changed.values[FIRST + 48 :] *= 3.0
    past = slice(FIRST - 28 * 24, FIRST)

    before, after = (judge(each, trained[0].model, past=past) for each in (whole, changed))

    np.testing.assert_array_equal(before.combined[: FIRST + 48], after.combined[: FIRST + 48])


@pytest.mark.parametrize("members", [(), (BASELINE,), (ISOLATION,), (COURSE,), MEMBERS])
def test_lost_hours_are_found_and_told_in_words(trained, members):
    told = series()
    told = told.part(0, len(told))
    told.values[FIRST + 100 : FIRST + 112, 0] *= 0.05

    found = anomalies(told, trained[0].model, first=FIRST, members=members)

    near = [each for each in found[0] if each.started <= FIRST + 112 and each.ended >= FIRST + 100]
    assert near
    assert all(each.kind in (Kind.BASELINE, Kind.ISOLATED, Kind.COURSE, Kind.TOGETHER)
               for each in near)  # fmt: skip
    assert all(each.severity >= 0.5 and each.explanation.endswith("strange.") for each in near)
    assert all(json.dumps(dict(each.evidence)) for each in near)


def test_each_streak_is_told_once(trained):
    told = series()
    told = told.part(0, len(told))
    told.values[FIRST + 100 : FIRST + 148, 0] *= 0.05

    found = anomalies(told, trained[0].model, first=FIRST, members=(BASELINE,))

    assert sum(each.started <= FIRST + 148 and each.ended >= FIRST + 100 for each in found[0]) == 1


def test_the_watch_tells_what_no_single_figure_shows(trained):
    told = series()
    told = told.part(0, len(told))
    told.values[FIRST + 100 : FIRST + 124, 0] = told.values[FIRST + 100 : FIRST + 124, 0][::-1]

    seen = learned(told, trained[0].model, first=FIRST)

    assert {each.kind for each in seen} <= KINDS
    found = anomalies(told, trained[0].model, first=FIRST)
    assert len(seen) == sum(each.kind in KINDS for of in found for each in of)
    assert all(each.ended_at > each.started_at >= told.at(FIRST - 24) for each in seen)
