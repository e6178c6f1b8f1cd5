"""Counts of scored events in Redis, by tenant, model and hour: added by all processes, read hourly.

An hour is one string of 32-bit numbers, to which a script adds in one round trip.
"""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from fraud.scoring.states import AWAY, client

__all__ = ["AWAY", "add", "read"]
KEPT = timedelta(days=8)
_NAME = "drift"
_NUMBER = np.dtype(">u4")
_ADD = """
local held, sums = redis.call('GET', KEYS[1]) or '', {}
for place = 1, #ARGV[1], 4 do
  local sum = struct.unpack('>I4', ARGV[1], place)
  if place + 3 <= #held then
    sum = sum + struct.unpack('>I4', held, place)
  end
  sums[#sums + 1] = struct.pack('>I4', math.min(sum, 4294967295))
end
redis.call('SET', KEYS[1], table.concat(sums), 'EX', ARGV[2])
"""
Vector = NDArray[np.int64]


def add(schema: str, digest: str, hour: datetime, numbers: Vector) -> None:
    """Add to an hour's counts. Raises ``AWAY``."""
    packed = numbers.astype(_NUMBER).tobytes()
    _adding(os.getpid())(
        keys=[_key(schema, digest, hour)], args=[packed, int(KEPT.total_seconds())]
    )


def read(schema: str, digest: str, hours: Sequence[datetime], size: int) -> Vector:
    """The sum of ``size`` counts over ``hours``. Raises ``AWAY``."""
    total = np.zeros(size, dtype=np.int64)
    keys = [_key(schema, digest, hour) for hour in hours]
    # The library also types its asynchronous answer.
    for text in cast("list[bytes | None]", client(os.getpid()).mget(keys)):
        if text:
            total += np.frombuffer(text, dtype=_NUMBER, count=size)
    return total


def _key(schema: str, digest: str, hour: datetime) -> str:
    own = settings.CACHES["default"].get("KEY_PREFIX", "")
    return f"{own}{_NAME}:{schema}:{digest[:16]}:{hour:%Y%m%d%H}"


@cache
def _adding(process: int) -> Any:
    return client(process).register_script(_ADD)
