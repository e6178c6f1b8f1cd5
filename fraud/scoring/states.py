"""What was before an event, in Redis, for the active tenant."""

import os
from collections.abc import Sequence
from functools import cache

import numpy as np
import redis
from django.conf import settings

from eventlog.tenancy import active_tenant
from fraud.features import ENTITIES, FEATURES, Sighting, gather, table, wanted
from ml.features import Online
from ml.features.layout import Floats

AWAY = (redis.exceptions.RedisError, OSError)
"""Redis is away, full, or only a copy: what stands on it waits, what does not goes on."""
_PATIENCE_SECONDS = 1.0


@cache
def client(process: int) -> redis.Redis:
    """The connection of this process, by its id: a fork makes one of its own."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=_PATIENCE_SECONDS,
        socket_connect_timeout=_PATIENCE_SECONDS,
    )  # fmt: skip


@cache
def _online(schema: str, process: int) -> Online:
    own = settings.CACHES["default"].get("KEY_PREFIX", "")
    prefix = f"{own}features:{schema}:"
    return Online(client(process), ENTITIES, prefix=prefix, wanted=wanted())


def features(sightings: Sequence[Sighting], *, counting: bool) -> tuple[Floats, Floats]:
    """Features (n x features) and ids (n x entities) of events; counts them when ``counting``.

    Raises ``AWAY``.
    """
    if not sightings:
        return np.empty((0, len(FEATURES))), np.empty((0, len(ENTITIES.names)))
    happening, columns = gather(sightings)
    readings, ids = _online(active_tenant(), os.getpid()).observe(happening, counting=counting)
    return FEATURES.matrix(table(columns, readings)), ids


def count(sightings: Sequence[Sighting]) -> None:
    """Count what is no event itself: labels. Raises ``AWAY``."""
    if sightings:
        happening, _ = gather(sightings)
        _online(active_tenant(), os.getpid()).observe(happening, counting=True)
