"""A Redis of the suite, and states in it that nobody else uses."""

import uuid

import pytest
import redis
from django.conf import settings

from ml.features import Online
from tests.ml.features.drawn import ENTITIES


@pytest.fixture(scope="session")
def client():
    with redis.Redis.from_url(settings.REDIS_URL) as made:
        yield made


@pytest.fixture
def online(client):
    """Makes an engine with states of its own; they go with the test."""
    prefixes = []

    def make(entities=ENTITIES):
        prefixes.append(f"test-{uuid.uuid4().hex}:")
        return Online(client, entities, prefix=prefixes[-1])

    yield make
    for prefix in prefixes:
        for key in client.scan_iter(f"{prefix}*"):
            client.delete(key)
