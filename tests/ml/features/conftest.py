"""A Redis of the suite, and states in it that nobody else uses."""

import uuid
from itertools import count

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
    mine, numbers = uuid.uuid4().hex, count()

    def make(entities=ENTITIES, wanted=None):
        return Online(client, entities, prefix=f"test-{mine}-{next(numbers)}:", wanted=wanted)

    yield make
    keys = list(client.scan_iter(f"test-{mine}-*", count=10_000))
    if keys:
        client.unlink(*keys)
