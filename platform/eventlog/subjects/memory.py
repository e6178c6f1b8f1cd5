"""What a process remembers of subjects' keys: bounded, and of each tenant's latest epoch alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, slots=True)
class Erased:
    """In place of a key: the subject was erased."""


@dataclass(frozen=True, slots=True)
class Keyless:
    """In place of a key: nothing was sealed for this subject yet."""


ERASED, KEYLESS = Erased(), Keyless()
# The bytes of a key and no cipher made of them: that would take twenty times the room.
State = bytes | Erased | Keyless
_States = dict[tuple[str, str], State]


class Memory:
    """At most ``size`` states by (schema, subject); those not asked for lately make room.

    They lie in two halves: when the younger is full it becomes the older, whose states are dropped
    unless they were asked for meanwhile. So nothing is ever sorted or walked to find who is to go.
    """

    def __init__(self, size: int) -> None:
        self._half = max(size // 2, 1)
        self._younger: _States = {}
        self._older: _States = {}
        self._epochs: dict[str, int] = {}
        self._lock = Lock()

    def recall(self, schema: str, epoch: int, subjects: Iterable[str]) -> dict[str, State]:
        """What is known of ``subjects``; a newer epoch than the one known forgets the tenant."""
        with self._lock:
            if self._epochs.get(schema) != epoch:
                self._forget(schema, epoch)
                return {}
            found: dict[str, State] = {}
            for subject in subjects:
                key = (schema, subject)
                state = self._younger.get(key)
                if state is None:
                    state = self._older.get(key)
                    if state is None:
                        continue
                    self._keep(key, state)
                found[subject] = state
            return found

    def learn(self, schema: str, epoch: int, found: dict[str, State]) -> None:
        """Remember ``found``, unless a newer epoch has begun."""
        with self._lock:
            if self._epochs.get(schema) != epoch:
                return
            for subject, state in found.items():
                self._keep((schema, subject), state)

    def _keep(self, key: tuple[str, str], state: State) -> None:
        if len(self._younger) >= self._half:
            self._older, self._younger = self._younger, {}
        self._younger[key] = state

    def _forget(self, schema: str, epoch: int) -> None:
        if epoch < self._epochs.get(schema, epoch):
            return  # a request that began before an erasure, and ends after it
        self._epochs[schema] = epoch
        self._younger = _without(schema, self._younger)
        self._older = _without(schema, self._older)


def _without(schema: str, states: _States) -> _States:
    return {key: state for key, state in states.items() if key[0] != schema}
