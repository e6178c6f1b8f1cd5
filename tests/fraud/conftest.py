"""A tenant whose publishers claim installs, told as events; events as ingestion sees them."""

import pytest

from attribution import handlers
from fraud.features import sight
from simulation.installs import Manner, Publisher, installs
from tests.attribution.stories import click, purchase
from tests.fraud.arriving import composed

MARKET = (
    *(Publisher(name=f"clean-{n}", installs=60) for n in range(4)),
    Publisher(name="<b>bad</b>", installs=60, manner=Manner.HIJACK, share=0.7),
)
DAYS = {"from": "2026-09-01", "to": "2026-09-30"}


@pytest.fixture
def market(acme, as_tenant):
    """Acme with 300 installs after clicks of five sources."""
    made, events = installs(MARKET, seed=4), []
    for number, (place, seconds) in enumerate(zip(made.publisher, made.seconds, strict=True)):
        day, name = 1 + number % 20, MARKET[place].name
        events.append(click(2 * number + 1, f"p{number}", day, name))
        at = day + float(seconds) / 86_400
        events.append(purchase(2 * number + 2, f"p{number}", at, conversion_type="install"))
    with as_tenant(acme):
        handlers.handle(events)
    return acme


@pytest.fixture
def sightings():
    """Sightings of native events."""

    def make(events):
        return [
            sight(draft.type, draft.subject, draft.body, draft.occurred_at)
            for draft in composed(events)
        ]

    return make
