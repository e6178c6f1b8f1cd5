"""A tenant whose events are scored, and events whose people nobody met before."""

import uuid

import pytest

from fraud.scoring import policy
from fraud.scoring.decide import Policy
from kernel import clock


@pytest.fixture(autouse=True)
def _forgetful():
    """A policy that was remembered goes with its test."""
    policy._remembered.clear()
    yield
    policy._remembered.clear()


@pytest.fixture
def scoring(acme, as_tenant):
    """Acme, whose policy is to score."""
    with as_tenant(acme):
        policy.put(Policy(on=True), actor="a" * 32, now=clock.now())
    return acme


@pytest.fixture
def injected():
    """A click and the install 0.3 s later, of somebody new."""
    who = uuid.uuid4().hex
    touch = {"channel": "Display", "source": "glidemedia"}
    return (
        {"type": "ad.click", "id": f"{who}-1", "anonymous_id": who,
         "timestamp": "2026-11-20T10:00:00Z", "properties": {"touch": touch}},
        {"type": "conversion.recorded", "id": f"{who}-2", "anonymous_id": who,
         "timestamp": "2026-11-20T10:00:00.300Z", "properties": {"conversion_type": "install"}},
    )  # fmt: skip
