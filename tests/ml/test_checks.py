"""What every served model must be: the checks pass what is fine, and each catches its own fault."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import expit

from kernel.errors import InvalidInput
from ml.checks import CHECKS, check
from ml.ensemble.served import Packed, Place, packed
from ml.ensemble.weights import RING, TREES, UNUSUAL, Weights
from ml.families import FAMILIES
from ml.graph.served import Packed as PackedRing
from ml.isolation.fitted import fit as isolated
from ml.training.split import by_time
from ml.trees.export import artefact
from ml.trees.fitted import DEFAULTS, fit
from tests.ml.trees.test_trees import examples

WEIGHTS = np.array([1.5, -0.5, 0.25])


class Line:
    """A logistic model of three features, as it should be; an unknown value says nothing."""

    version = "v1"
    header = SimpleNamespace(features=("speed", "age", "noise"))

    def probabilities(self, matrix):
        return self.calibrated(self.parts(matrix).sum(axis=1))

    def explain(self, matrix):
        return SimpleNamespace(values=self.parts(matrix), bias=0.0)

    def parts(self, matrix):
        if matrix.shape[1] != len(WEIGHTS):
            raise InvalidInput("Three features are needed.")
        return WEIGHTS * np.clip(np.nan_to_num(matrix, nan=0.0), -9.0, 9.0)

    def calibrated(self, odds):
        return expit(odds)


class Certain(Line):
    def calibrated(self, odds):
        return 1.2 * expit(odds)


class ByBatch(Line):
    """As if a batch were summed in another order than a row."""

    def calibrated(self, odds):
        return expit(odds) if len(odds) > 1 else np.nextafter(expit(odds), 1.0)


class ByPlace(Line):
    """The last of many gets another number."""

    def calibrated(self, odds):
        found = expit(odds)
        found[1:] = np.nextafter(found[1:], 1.0)
        return found


class NeedsToKnow(Line):
    def parts(self, matrix):
        return super().parts(matrix) + 0.0 * matrix.clip(-9, 9)


class Boundless(Line):
    """Infinities less themselves are no number."""

    def parts(self, matrix):
        return super().parts(matrix) + np.where(np.isinf(matrix), np.nan, 0.0)


class Divides(Line):
    def parts(self, matrix):
        return super().parts(matrix) + np.where(matrix == 0.0, np.nan, 0.0)


class Overflows(Line):
    def parts(self, matrix):
        great = np.isfinite(matrix) & (np.abs(matrix) > 3e38)
        return super().parts(matrix) + np.where(great, np.nan, 0.0)


class FillsIn(Line):
    """It puts the mean where a value is unknown, in its caller's rows."""

    def parts(self, matrix):
        matrix[np.isnan(matrix)] = 0.0
        return super().parts(matrix)


class AlwaysAnswers(Line):
    def calibrated(self, odds):
        return expit(odds) if len(odds) else np.zeros(1)


class TakesAnything(Line):
    def parts(self, matrix):
        return super().parts(np.resize(matrix, (len(matrix), len(WEIGHTS))))


class Refuses(Line):
    """It refuses a wrong width, but in words of a library."""

    def parts(self, matrix):
        if matrix.shape[1] != len(WEIGHTS):
            raise ValueError("shape mismatch")
        return super().parts(matrix)


class Remembers(Line):
    """What a process made of it is not in its bytes."""

    made = 0

    def __init__(self):
        type(self).made += 1
        self.shift = 0.1 * type(self).made

    def calibrated(self, odds):
        return expit(odds + self.shift)

    def explain(self, matrix):
        return SimpleNamespace(values=self.parts(matrix), bias=self.shift)


class HalfTheStory(Line):
    def explain(self, matrix):
        return SimpleNamespace(values=0.5 * self.parts(matrix), bias=0.0)


class ExplainsNothing(Line):
    explain = None


BROKEN = {
    "probabilities": Certain,
    "alone or among others": ByBatch,
    "order": ByPlace,
    "unknown values": NeedsToKnow,
    "infinite values": Boundless,
    "zeros": Divides,
    "huge values": Overflows,
    "input unchanged": FillsIn,
    "no rows": AlwaysAnswers,
    "width": TakesAnything,
    "loaded again": Remembers,
    "explanation": HalfTheStory,
}


@pytest.fixture(scope="module")
def matrix():
    return examples(60).matrix


def test_what_is_fine_has_no_findings(matrix):
    assert check(Line(), matrix, load=Line) == []
    assert check(ExplainsNothing(), matrix, load=ExplainsNothing) == []


def test_every_check_has_a_fault_to_catch():
    assert set(BROKEN) == set(CHECKS)


@pytest.mark.parametrize("name", BROKEN)
def test_it_catches_its_fault(name, matrix):
    kind = BROKEN[name]

    found = {each.check: each.words for each in check(kind(), matrix, load=kind)}

    assert name in found
    assert "raised" not in found[name]


def test_a_refusal_in_a_librarys_words_is_a_finding(matrix):
    (found,) = check(Refuses(), matrix, load=Refuses)

    assert str(found) == "width: it raised ValueError: shape mismatch"


def trees():
    """A forest with paths of many features."""
    parts = by_time(examples(2_000))
    fitted = fit(parts.fit, parts.tune, seed=1, parameters=DEFAULTS)
    return artefact(fitted, parts.fit, features_version="v1")


def ensemble():
    """The forest with what is unusual and who was seen with whom."""
    parts = by_time(examples(2_000))
    _, isolation = isolated(parts.fit, seed=1)
    ids, scores = np.array([3.0, 5.0]), np.array([2.0, -1.0], dtype=np.float32)
    place = Place(slope=1.0, shift=-1.0, mean=-2.0)
    return packed(
        Packed(
            forest=trees(), places={UNUSUAL: place, RING: place}, isolation=isolation,
            quick=Weights(of={TREES: 0.7, UNUSUAL: 0.2, RING: 0.1}, shift=0.3), sorts=(0,),
            ring=PackedRing(ids=ids.tobytes(), scores=scores.tobytes(), base=-4.0),
        )
    )  # fmt: skip


MADE = {"trees": trees, "ensemble": ensemble}
"""An artefact of each family, of three features."""


def test_every_family_is_checked():
    assert set(MADE) == set(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("name", CHECKS)
def test_every_family_is_what_it_must_be(family, name, served, matrix):
    found = served(family)

    assert name not in {each.check: each.words for each in found}, found


@pytest.fixture(scope="module")
def served(matrix):
    """The findings on a family's model, made once."""
    made = {family: make() for family, make in MADE.items()}

    def of(family):
        load = FAMILIES[family]
        return check(load(made[family]), matrix, load=lambda: load(made[family]))

    return of
