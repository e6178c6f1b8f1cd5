"""The worker's tasks: asked for once, however often it is asked."""

import pytest
from django.core.cache import cache

from attribution import tasks
from attribution.learned import fitting
from config.worker import app


@pytest.fixture
def queued(acme, rival, monkeypatch):
    """The schemas whose fit was queued; every tenant's models are due."""
    found = []
    monkeypatch.setattr(fitting, "due", lambda **_: True)
    monkeypatch.setattr(tasks.fit, "delay", lambda *, schema: found.append(schema))
    yield found
    cache.delete_many([tasks._asked(each.schema_name) for each in (acme, rival)])


def test_a_fit_is_queued_once_until_it_is_done(acme, rival, queued):
    tasks.fit_all()
    tasks.fit_all()

    assert sorted(queued) == sorted([acme.schema_name, rival.schema_name])

    tasks.fit(schema=acme.schema_name)
    tasks.fit_all()

    assert queued[2:] == [acme.schema_name]


def test_a_fit_that_fails_may_be_asked_for_again(acme, queued, monkeypatch):
    def broken(**_):
        raise ArithmeticError

    monkeypatch.setattr(fitting, "fit", broken)
    tasks.ask_for_fit(schema=acme.schema_name)
    with pytest.raises(ArithmeticError):
        tasks.fit(schema=acme.schema_name)
    tasks.ask_for_fit(schema=acme.schema_name)

    assert queued == [acme.schema_name] * 2


def test_only_training_itself_waits_for_training():
    asked = (tasks.fit, tasks.fit_all, tasks.intervals, tasks.markov_order, tasks.pack_paths)
    queues = {task.name: app.amqp.router.route({}, task.name)["queue"].name for task in asked}
    assert queues == {
        "attribution.tasks.fit": "train",
        "attribution.tasks.fit_all": "report",
        "attribution.tasks.intervals": "report",
        "attribution.tasks.markov_order": "report",
        "attribution.tasks.pack_paths": "project",
    }
