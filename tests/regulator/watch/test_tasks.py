"""The worker's looks: every authority, nobody else, and not before the figures are there."""

import pytest
from django.db import connection

from eventlog import subscriptions
from regulator.figures import projection as figures
from regulator.models import Watch
from regulator.watch import tasks
from tests.regulator.told import minutes, stake
from tests.regulator.told import project as project_feeds
from tests.regulator.watch.feeds import project


@pytest.mark.parametrize(("task", "name"), [(tasks.hours, "hours"), (tasks.days, "days")])
def test_a_look_goes_over_an_authoritys_operators(authority, lucky, task, name):
    lucky(stake(1, at=minutes(1)))
    project_feeds()
    project()
    task()
    connection.set_tenant(authority)
    assert "lucky" in Watch.objects.get(name=name).judged


def test_nobody_is_judged_by_figures_that_lag_behind(authority, lucky, monkeypatch):
    lucky(stake(1, at=minutes(1)))
    project_feeds()
    project()
    late = subscriptions.Lag(name=figures.NAME, events=5, seconds=99.0)
    monkeypatch.setattr(subscriptions, "lag", lambda _: late)
    tasks.hours()
    connection.set_tenant(authority)
    assert not Watch.objects.exists()
