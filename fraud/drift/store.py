"""Counts of scored events in Redis, by tenant, model and hour: added by all processes, read hourly.

An hour is one string of 32-bit numbers, to which a flush adds with one command.
"""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

import numpy as np
import redis
from django.conf import settings
from numpy.typing import NDArray

AWAY = (redis.RedisError, OSError)
KEPT = timedelta(days=8)
_NAME = "drift"
_PATIENCE_SECONDS = 1.0
Vector = NDArray[np.int64]


def add(schema: str, digest: str, hour: datetime, numbers: Vector) -> None:
    """Add to an hour's counts. Raises ``AWAY``."""
    changes: list[Any] = []
    for place in np.flatnonzero(numbers).tolist():
        changes += ("INCRBY", "u32", f"#{place}", int(numbers[place]))
    key = _key(schema, digest, hour)
    pipe = _client(os.getpid()).pipeline(transaction=False)
    pipe.execute_command("BITFIELD", key, "OVERFLOW", "SAT", *changes)
    pipe.expire(key, KEPT)
    pipe.execute()


def read(schema: str, digest: str, hours: Sequence[datetime], size: int) -> Vector:
    """The sum of ``size`` counts over ``hours``. Raises ``AWAY``."""
    total = np.zeros(size, dtype=np.int64)
    keys = [_key(schema, digest, hour) for hour in hours]
    # The library also types its asynchronous answer.
    for text in cast("list[bytes | None]", _client(os.getpid()).mget(keys)):
        if text:
            # Redis keeps the highest bit first; behind the last count that is not 0 there is none.
            numbers = np.frombuffer(text[: 4 * (len(text) // 4)], dtype=">u4")[:size]
            total[: numbers.size] += numbers
    return total


def _key(schema: str, digest: str, hour: datetime) -> str:
    own = settings.CACHES["default"].get("KEY_PREFIX", "")
    return f"{own}{_NAME}:{schema}:{digest[:16]}:{hour:%Y%m%d%H}"


@cache
def _client(process: int) -> redis.Redis:
    """The connection of this process: a fork makes one of its own."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=_PATIENCE_SECONDS,
        socket_connect_timeout=_PATIENCE_SECONDS,
    )  # fmt: skip
