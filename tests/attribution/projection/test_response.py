"""Days of the channels that cost something, under models that are fitted."""

from datetime import date

import pytest

from attribution import handlers, queries
from attribution.contracts import EVERY, By, Model
from attribution.learned import fitting
from attribution.projection import response
from kernel import clock
from tests.attribution.stories import click, purchase, spend

SPAN = (date(2026, 9, 1), date(2026, 9, 30))


@pytest.fixture
def shop(acme, as_tenant, monkeypatch):
    """Search costs every day; phones and desktops buy in turn."""
    monkeypatch.setattr("attribution.credit.deep.installed", lambda: False)
    events = []
    for day in range(1, 21):
        who = f"p{day}"
        device = "mobile" if day % 2 else "desktop"
        events.append(spend(len(events) + 1, day, "Search", 5.0))
        events.append(click(len(events) + 1, who, day + 0.2, "Search", device=device))
        events.append(purchase(len(events) + 1, who, day + 0.3, 40.0))
    with as_tenant(acme):
        handlers.handle(events)
        fitting.fit(now=clock.now())
        yield


def days(segment):
    scope = queries.scope_of(*SPAN, By.CHANNEL, segment, EVERY)
    (series,) = response.series(scope, Model.SURVIVAL, conversions=10.0, value=400.0).values()
    return set(series.conversions.nonzero()[0])


@pytest.mark.usefixtures("shop")
def test_a_fitted_model_s_days_can_be_those_of_a_segment():
    mobile, desktop = days("mobile"), days("desktop")

    assert mobile
    assert desktop
    assert not mobile & desktop
    assert mobile | desktop == days(EVERY)
