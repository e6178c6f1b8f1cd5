"""The online engine: the states in Redis, a batch of events in one round trip.

A state is one value under a key that begins with the tenant's prefix and expires. The script reads
and counts on inside Redis, so two web processes never overwrite each other's counting.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import msgspec
import numpy as np

from ml.features import layout
from ml.features.layout import READING_WIDTH, REMEMBERED, Entities, Floats, Happening

PART = 64
"""Events one call of the script takes: Redis serves nobody else meanwhile."""
KEPT = int(REMEMBERED) + 86_400
"""Seconds without an event until Redis drops a state; by then it counts as forgotten anyway."""
_NAME = re.compile(r"\b[A-Z][A-Z_]+\b")
_SCRIPT = Path(__file__).with_name("online.lua")


class Client(Protocol):
    """What is needed of a Redis client."""

    def pipeline(self, transaction: bool = ...) -> Any:
        """A pipeline of commands."""

    def evalsha(self, sha: Any, numkeys: int, *keys_and_args: Any) -> Any:
        """Run a script that is known."""

    def script_load(self, script: str) -> Any:
        """Make a script known."""


class Online:
    """The states of ``entities`` of one tenant, kept under ``prefix``."""

    def __init__(
        self, client: Client, entities: Entities, *, prefix: str,
        wanted: Mapping[str, Sequence[int]] | None = None,
    ) -> None:  # fmt: skip
        """``wanted``: by entity the places of what is to be read; without it, all of all."""
        self.entities = entities
        every = range(READING_WIDTH)
        self._wanted = [
            np.array(every if wanted is None else wanted.get(name, ()), dtype=np.int64)
            for name in entities.names
        ]
        self._places = msgspec.msgpack.encode([(each + 1).tolist() for each in self._wanted])
        self._client, self._prefix = client, prefix
        self._script = script(len(entities.carried))
        self._digest: str | None = None
        self._counted = msgspec.msgpack.encode((entities.counted() + 1).tolist())
        self._carried = msgspec.msgpack.encode((entities.taken_over() + 1).tolist())

    def observe(self, events: Happening, *, counting: bool = True) -> tuple[Floats, Floats]:
        """As ``Replay.observe``; without ``counting`` each event is only looked at, by itself.

        Raises the client's errors.
        """
        if not len(events):
            width = len(self.entities.names)
            return np.full((0, width, READING_WIDTH), np.nan), events.ids.copy()
        said = self._asked(_messages(events), b"1" if counting else b"0")
        return self._read(said, len(events))

    def _asked(self, messages: Sequence[bytes], counting: bytes) -> list[bytes]:
        """The script's answers, all parts in one round trip; loads the script where it is new."""
        from redis.exceptions import NoScriptError

        if self._digest is None:
            self._digest = self._client.script_load(self._script)
        try:
            return self._sent(messages, counting)
        except NoScriptError:
            # Redis was restarted. None of the parts ran, as all need the same script.
            self._digest = self._client.script_load(self._script)
            return self._sent(messages, counting)

    def _sent(self, messages: Sequence[bytes], counting: bytes) -> list[bytes]:
        common = (counting, KEPT, self._counted, self._carried, self._places)
        if len(messages) == 1:
            answer: bytes = self._client.evalsha(
                self._digest, 1, self._prefix, messages[0], *common
            )
            return [answer]
        pipeline = self._client.pipeline(transaction=False)
        for message in messages:
            pipeline.evalsha(self._digest, 1, self._prefix, message, *common)
        answers: list[bytes] = pipeline.execute()
        return answers

    def _read(self, said: Sequence[bytes], count: int) -> tuple[Floats, Floats]:
        """What the script says of each event: its ids, then a reading of each that is named."""
        width = len(self.entities.names)
        readings = np.full((count, width, READING_WIDTH), np.nan)
        ids = np.empty((count, width))
        numbers, start = np.frombuffer(b"".join(said), dtype="<f8"), 0
        for number in range(count):
            ids[number] = numbers[start : start + width]
            start += width
            for entity in np.flatnonzero(ids[number]).tolist():
                places = self._wanted[entity]
                end = start + places.size
                readings[number, entity, places] = numbers[start:end]
                start = end
        return readings, ids


def _messages(events: Happening) -> list[bytes]:
    """The events as the script reads them, in parts."""
    rows = list(
        zip(
            events.at.tolist(), events.kind.tolist(), events.value.tolist(),
            events.flagged.tolist(), events.place[:, 0].tolist(), events.place[:, 1].tolist(),
            events.ids.tolist(), strict=True,
        )
    )  # fmt: skip
    encode = msgspec.msgpack.encode
    return [encode(rows[start : start + PART]) for start in range(0, len(rows), PART)]


@lru_cache(maxsize=8)
def script(carried: int) -> str:
    """The Lua with every name of ``layout`` filled in, for that many entities taken over."""
    named = {name: _number(value) for name, value in layout.constants().items()}
    named |= {
        "CARRIED": str(carried),
        "LISTS": str(layout.SKETCHES + 1 + 6),
        "UNSET": ", ".join(str(layout.slot(name) + 1) for name in layout.UNSET),
    }
    known = _LUA_WORDS | named.keys()
    lines = [line for line in _SCRIPT.read_text().splitlines() if not line.startswith("--")]
    text = "\n".join(lines)
    unknown = set(_NAME.findall(text)) - known
    if unknown:
        raise LookupError(f"online.lua uses names that layout.py has not: {sorted(unknown)}")
    return _NAME.sub(lambda found: named.get(found[0], found[0]), text)


_LUA_WORDS = frozenset({"KEYS", "ARGV", "NAN", "GET", "SET", "EX"})


def _number(value: float) -> str:
    return repr(int(value)) if value == int(value) else repr(value)
