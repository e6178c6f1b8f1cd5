"""What one test computed is no answer in another: tenants' names are the same in all of them."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nothing_remembered(request):
    if {"acme", "rival", "db"} & set(request.fixturenames):
        cache.clear()
