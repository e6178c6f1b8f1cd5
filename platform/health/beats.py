"""Signs of life: each process says in Redis, every few seconds, that it is there and what it does.

They say nothing of tenants. Redis may be away: then nobody can be seen, which is not the same as
nobody being there.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

import msgspec
import redis
from django.conf import settings

EVERY_SECONDS = 5.0
AWAY = (redis.RedisError, OSError)
_KEY = "touchstone:beats"
_last: dict[str, float] = {}


class Beat(msgspec.Struct, frozen=True, kw_only=True):
    """The last sign of life under a name: when (seconds since 1970), and what it was doing."""

    at: float
    doing: str = ""

    def age(self, moment: float) -> float:
        """Seconds since, never negative: clocks of machines differ a little."""
        return max(moment - self.at, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All beats by name; ``visible`` is false while Redis is away."""

    beats: Mapping[str, Beat]
    visible: bool


def beat(name: str, doing: str = "", *, always: bool = False) -> None:
    """Say that ``name`` lives; at most every few seconds unless ``always``. Never fails."""
    moment = time.monotonic()
    if not always and moment - _last.get(name, float("-inf")) < EVERY_SECONDS:
        return
    _last[name] = moment
    try:
        client(os.getpid()).hset(_KEY, name, msgspec.json.encode(Beat(at=time.time(), doing=doing)))
    except AWAY:
        return


def seen() -> Seen:
    """Everybody's last sign of life."""
    try:
        found = client(os.getpid()).hgetall(_KEY)
    except AWAY:
        return Seen(beats={}, visible=False)
    # The library also types its asynchronous answer, and text.
    raw = cast("dict[bytes, bytes]", found)
    decode = msgspec.json.Decoder(Beat).decode
    return Seen(beats={name.decode(): decode(each) for name, each in raw.items()}, visible=True)


@cache
def client(process: int) -> redis.Redis:
    """The connection of this process: a fork makes one of its own."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2, health_check_interval=30
    )
