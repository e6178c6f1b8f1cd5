"""What this folder's tests share: a mail server, and nobody who failed before."""

import uuid

import pytest
from django.core.cache import caches

from tests.mail import sink  # noqa: F401  # a fixture


@pytest.fixture(autouse=True)
def _nobody_failed_before():
    """Every test of this folder counts failures from nothing."""
    cache = caches["default"]
    before, cache.key_prefix = cache.key_prefix, uuid.uuid4().hex
    yield
    cache.key_prefix = before
