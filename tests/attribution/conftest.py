"""What one test computed is no answer in another: tenants' names are the same in all of them."""

import uuid

import pytest


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    from attribution.projection import certainty

    monkeypatch.setattr(certainty, "PREFIX", f"bounds-{uuid.uuid4()}")
