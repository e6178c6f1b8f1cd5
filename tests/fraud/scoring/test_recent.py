"""People's last events, kept for a model that reads them."""

import uuid

import numpy as np
import pytest
import redis

from fraud.features import ENTITIES, FEATURES
from fraud.scoring import arriving, recent
from fraud.scoring.decide import Policy
from fraud.scoring.recent import Recent
from fraud.scoring.steps import SUBJECT, Past, steps
from ml.sequence.windows import LENGTH, Histories, previous
from ml.served import Contributions, Found

pytestmark = pytest.mark.usefixtures("_own_keys")


@pytest.fixture
def _own_keys(monkeypatch):
    """Keys that no other test meets."""
    monkeypatch.setattr(recent, "_prefix", lambda schema: f"{uuid.uuid5(_MARK, schema).hex}:")


_MARK = uuid.uuid4()


def batch(subjects, seed=0):
    """Features and ids of events of these people."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(len(subjects), len(FEATURES)))
    matrix[rng.random(matrix.shape) < 0.3] = np.nan
    ids = np.zeros((len(subjects), len(ENTITIES.names)))
    ids[:, SUBJECT] = subjects
    return matrix, ids


@pytest.fixture
def whom():
    """Three people nobody met before."""
    return [float(each) for each in np.random.default_rng().integers(1, 2**50, 3)]


def test_windows_are_those_of_the_replayed_log(acme, as_tenant, whom):
    rng, everything, got = np.random.default_rng(1), [], []
    with as_tenant(acme):
        for number in range(6):
            matrix, ids = batch(rng.choice([*whom, 0.0], 30), seed=number)
            held = Recent(matrix, ids)
            got += held.windows(np.arange(30))
            held.add()
            everything.append((steps(matrix), ids[:, SUBJECT]))
    whole = np.concatenate([each for _, each in everything])
    history = Histories(
        names=[], steps=np.concatenate([each for each, _ in everything]), before=previous(whole)
    )

    for place, window in enumerate(got):
        if whole[place] == 0.0:
            assert window is None
        else:
            assert window.tobytes() == history.window(place).tobytes()


def test_at_most_a_hundred_are_kept(acme, as_tenant, whom):
    with as_tenant(acme):
        Recent(*batch([whom[0]] * 130)).add()
        (window,) = Recent(*batch([whom[0]])).windows(np.array([0]))

    assert len(window) == LENGTH


def test_a_rival_sees_nothing_of_it(acme, rival, as_tenant, whom):
    with as_tenant(acme):
        Recent(*batch([whom[0]] * 5)).add()
    with as_tenant(rival):
        (window,) = Recent(*batch([whom[0]])).windows(np.array([0]))

    assert len(window) == 1


class Curious:
    """A model that looks at the last events of everybody and notes how many there were."""

    version, windowed = "c" * 64, True
    names, usual = FEATURES.names, (None,) * len(FEATURES)

    def __init__(self):
        self.seen = []

    def judge(self, matrix, ids=None, windows=None):
        """Everybody is suspicious."""
        shown = windows(np.arange(len(matrix)))
        self.seen.append([None if each is None else len(each) for each in shown])
        return Found(probabilities=np.full(len(matrix), 0.7))

    def explain(self, matrix, margins=None):
        """Nothing to say."""
        return Contributions(values=np.zeros(matrix.shape), bias=0.0)


@pytest.fixture
def curious(monkeypatch):
    """The champion of whoever is active."""
    model = Curious()
    monkeypatch.setattr(arriving.serving, "champion", lambda: model)
    return model


def test_events_are_kept_while_the_champion_reads_them(acme, as_tenant, whom, curious):
    with as_tenant(acme):
        for _ in range(2):
            arriving._decided(*batch([whom[0], whom[0], whom[1]]), Policy(on=True))

    assert curious.seen == [[1, 2, 1], [3, 4, 2]]


def test_without_redis_the_others_decide(acme, as_tenant, whom, curious, monkeypatch):
    def away(process):
        raise redis.exceptions.ConnectionError("away")

    monkeypatch.setattr(recent, "client", away)
    matrix, ids = batch([whom[0]])
    with as_tenant(acme):
        decisions = arriving._decided(np.full_like(matrix, np.nan), ids, Policy(on=True))

    assert curious.seen == [[None]]
    assert decisions[0].score == 70


def test_nothing_is_kept_for_models_that_do_not_read_them(acme, as_tenant, whom, monkeypatch):
    monkeypatch.setattr(arriving.serving, "champion", lambda: None)
    with as_tenant(acme):
        arriving._decided(*batch([whom[0]]), Policy(on=True))
        (window,) = Recent(*batch([whom[0]])).windows(np.array([0]))

    assert len(window) == 1


def test_a_replayed_log_gives_the_windows_redis_gave(acme, as_tenant, whom):
    rng, past, live, replayed = np.random.default_rng(2), Past(), [], []
    with as_tenant(acme):
        for number in range(5):
            matrix, ids = batch(rng.choice([*whom, 0.0], 25), seed=number)
            held, places = Recent(matrix, ids), np.arange(25)
            live += held.windows(places)
            replayed += past.windows(matrix, ids)(places)
            held.add()
            past.add(matrix, ids)

    assert [None if each is None else each.tobytes() for each in replayed] == [
        None if each is None else each.tobytes() for each in live
    ]
