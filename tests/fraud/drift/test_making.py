"""What a training keeps, to hold the traffic of its model against."""

import pytest

from fraud.drift import reference
from fraud.training import run
from kernel import clock
from tests.fraud.training.told import history


def test_a_training_keeps_what_the_model_learned_from(acme, as_tenant, monkeypatch):
    monkeypatch.setattr(run, "log", lambda *_: history(600))
    with as_tenant(acme):
        found = run.run(seed=1, now=clock.now(), trials=0)

        assert found.failures == ()
        assert reference.of(found.served.version) is not None


def test_outputs_are_those_of_events_the_model_had_not_seen(champion, as_tenant, trained):
    with as_tenant(champion):
        kept = reference.of(trained.found.served.version)

    n = len(trained.examples)
    assert kept.counts[0].sum() + kept.counts[-1].sum() == n
    assert kept.counts[-1].sum() == pytest.approx(0.15 * n, abs=2)
    assert kept.kinds == (4.0,)  # installs alone have labels
