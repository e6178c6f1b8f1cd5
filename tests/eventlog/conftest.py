"""Fixtures of the log's tests."""

import pytest


@pytest.fixture
def as_acme(as_tenant, acme):
    """Acme's schema is the active one."""
    with as_tenant(acme):
        yield acme
