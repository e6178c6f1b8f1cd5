"""The online engine: the states in Redis, a batch of events in one round trip.

A state is one value under a key that begins with the tenant's prefix and expires. The script reads
and counts on inside Redis, so two web processes never overwrite each other's counting.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from ml.features import layout
from ml.features.layout import (
    READING,
    READING_WIDTH,
    REMEMBERED,
    Entities,
    Floats,
    Happening,
)

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
        self._client, self._prefix = client, prefix
        self._read_to = np.concatenate(
            [entity * READING_WIDTH + places for entity, places in enumerate(self._wanted)]
        )
        self._script = script(entities, self._wanted)
        self._digest: str | None = None

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
        common = (counting, KEPT)
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
        """What the script says of each event: its ids, then what is wanted of each of them."""
        width = len(self.entities.names)
        numbers = np.frombuffer(b"".join(said), dtype="<f8").reshape(count, -1)
        readings = np.full((count, width * READING_WIDTH), np.nan)
        readings[:, self._read_to] = numbers[:, width:]
        return readings.reshape(count, width, READING_WIDTH), numbers[:, :width].copy()


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


_READ = {
    "age": "since(at, state[S_FIRST])",
    "since_event": "since(at, state[S_LAST])",
    "since_click": "since(at, state[S_LAST_CLICK])",
    "since_impression": "since(at, state[S_LAST_IMPRESSION])",
    "since_install": "since(at, state[S_LAST_INSTALL])",
    "click_gap": "known(state[S_CLICK_GAP])",
    "session_age": "since(at, state[S_SESSION_START])",
    "last_value": "known(state[S_LAST_VALUE])",
    "latitude": "state[S_PLACED] >= 0 and state[S_LATITUDE] or NAN",
    "longitude": "state[S_PLACED] >= 0 and state[S_LONGITUDE] or NAN",
    "since_place": "since(at, state[S_PLACED])",
    "hour_events": "six(state, HOUR_EVENTS)",
    "hour_clicks": "six(state, HOUR_CLICKS)",
    "day_events": "six(state, DAY_EVENTS)",
    "day_clicks": "six(state, DAY_CLICKS)",
    "week_events": "seven(state, WEEK_EVENTS)",
    "week_clicks": "seven(state, WEEK_CLICKS)",
    "distinct_a": "distinct(state, 0)",
    "distinct_b": "distinct(state, 1)",
    "distinct_c": "distinct(state, 2)",
}
"""How a place of ``READING`` is read in Lua where it is not the slot of its name itself."""


def script(entities: Entities, wanted: Sequence[NDArray[np.int64]]) -> str:
    """The Lua for these entities, of each of which the places ``wanted`` are read."""
    named = {name: _number(value) for name, value in layout.constants().items()}
    parts = {
        "CARRIED": str(len(entities.carried)),
        "LISTS": str(layout.SKETCHES + 1 + 6),
        "UNSET": ", ".join(str(layout.slot(name) + 1) for name in layout.UNSET),
        "COUNTED": _table(_table(map(str, row)) for row in (entities.counted() + 1).tolist()),
        "TAKEN_OVER": _table(map(str, (entities.taken_over() + 1).tolist())),
        "TRACKED": _table(_tracks(places) for places in wanted),
        "READERS": ",\n".join(_reader(places) for places in wanted),
        "UNKNOWN": ", ".join(_unknown(places.size) for places in wanted),
        "IDS": f'"<{"d" * len(entities.names)}"',
    }
    lines = [line for line in _SCRIPT.read_text().splitlines() if not line.startswith("--")]
    # Twice: what is filled in has names of its own.
    text = _filled(_filled("\n".join(lines), parts), named)
    unknown = set(_NAME.findall(text)) - _LUA_WORDS
    if unknown:
        raise LookupError(f"online.lua uses names that layout.py has not: {sorted(unknown)}")
    return text


def _filled(text: str, named: Mapping[str, str]) -> str:
    return _NAME.sub(lambda found: named.get(found[0], found[0]), text)


def _reader(places: NDArray[np.int64]) -> str:
    """A function of a state and the time that gives what stands at ``places`` as doubles."""
    if not places.size:
        return 'function() return "" end'
    names = [READING[place] for place in places.tolist()]
    read = ", ".join(_READ.get(name, f"state[S_{name.upper()}]") for name in names)
    return f'function(state, at) return pack("<{"d" * len(names)}", {read}) end'


def _unknown(count: int) -> str:
    return f'string.rep(pack("<d", NAN), {count})'


def _tracks(places: NDArray[np.int64]) -> str:
    """Which windows, gaps and lists are kept of an entity of which ``places`` are read."""
    names = {READING[place] for place in places.tolist()}
    kept = [name for name, needed in _KEPT_FOR.items() if not names.isdisjoint(needed)]
    lists = _table(str(number) for number, each in enumerate(_LISTS) if each in names)
    return _table([*(f"{name} = true" for name in kept), f"lists = {lists}"])


def _table(values: Iterable[str]) -> str:
    return "{" + ", ".join(values) + "}"


_KEPT_FOR = {
    "hour": ("hour_events", "hour_clicks"),
    "day": ("day_events", "day_clicks"),
    "week": ("week_events", "week_clicks"),
    "gaps": ("gaps", "gap_mean", "gap_var", "regular"),
    "clicks": ("click_gap", "click_gaps", "click_gap_mean", "click_gap_var"),
    "sessions": ("session_age", "session_events", "sessions"),
    "place": ("latitude", "longitude", "since_place"),
}
"""What is kept of a state only where one of these is read."""
_LISTS = ("distinct_a", "distinct_b", "distinct_c")
_LUA_WORDS = frozenset({"KEYS", "ARGV", "NAN", "GET", "SET", "EX"})


def _number(value: float) -> str:
    return repr(int(value)) if value == int(value) else repr(value)
