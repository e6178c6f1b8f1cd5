"""Acme's schema is active, its read models hold what a test tells."""

import pytest

from attribution import handlers


@pytest.fixture
def tell(acme, as_tenant):
    """Apply events and everything that follows from them."""

    def apply(*events):
        handlers.handle(events)
        while handlers.settle():
            pass

    with as_tenant(acme):
        yield apply
