"""From events as they come to the overview, by the projections that stand between."""

from datetime import timedelta

import pytest

from eventlog import subscriptions
from fraud.overview.queries import overview
from fraud.scoring import policy
from fraud.scoring.decide import Policy
from kernel import clock
from tests.eventlog.events import settle
from tests.sending import post_events


@pytest.fixture(autouse=True)
def _forgetful():
    """A policy that was remembered goes with its test."""
    policy._remembered.clear()
    yield
    policy._remembered.clear()


def test_an_install_is_told_of_its_clicks_publisher(committed_tenant, committed_key):
    policy.put(Policy(on=True), actor="a" * 32, now=clock.now())
    touch = {"channel": "Display", "source": "glidemedia", "campaign": "autumn"}
    click = clock.now() - timedelta(minutes=5)
    install = click + timedelta(seconds=0.3)
    post_events(
        committed_key,
        {"type": "ad.click", "anonymous_id": "ann", "timestamp": click.isoformat(),
         "properties": {"touch": touch}},
        {"type": "conversion.recorded", "anonymous_id": "ann", "timestamp": install.isoformat(),
         "properties": {"conversion_type": "install", "value": 4.5, "currency": "USD"}},
    )  # fmt: skip
    settle()
    for name in ("attribution", "fraud-cases"):
        subscriptions.catch_up(name)

    found = overview(start=click.date(), end=install.date())

    assert (found.total.blocked, found.events) == (1, 2)
    assert [each.key for each in found.publishers] == ["glidemedia"]
    assert [each.key for each in found.campaigns] == ["autumn"]
    assert [(each.amount, each.currency) for each in found.total.blocked_value] == [
        (0.0, "EUR"), (4.5, "USD"),
    ]  # fmt: skip
    subscriptions.rebuild("fraud-cases")
    assert overview(start=click.date(), end=install.date()) == found
