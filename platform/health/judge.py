"""From what was seen to how a part is. Pure."""

from datetime import datetime

from health.contracts import BROKEN, Limits, Part, Reading, State


def state_of(reading: Reading, limits: Limits) -> State:
    """The state of a part.

    Late things alone are no stall: a part that still makes progress is behind. It is stalled when
    things wait too long and it has not moved, or when it has given no sign of life.
    """
    if reading.away:
        return State.AWAY
    if reading.unseen:
        return State.UNKNOWN
    late = reading.waiting > 0 and reading.oldest_seconds > limits.oldest_seconds
    silent = reading.idle_seconds is not None and reading.idle_seconds > limits.idle_seconds
    if silent and (late or reading.waiting == 0):
        return State.STALLED
    return State.BEHIND if late else State.WORKING


def part(
    *, name: str, label: str, reading: Reading, limits: Limits, advice: str, since: datetime | None
) -> Part:
    """The part as people see it; ``advice`` is shown only where something is to be done."""
    state = state_of(reading, limits)
    return Part(
        name=name,
        label=label,
        state=state,
        waiting=reading.waiting,
        oldest_seconds=reading.oldest_seconds,
        detail=reading.detail,
        advice=advice if state is not State.WORKING else "",
        since=since if state in BROKEN else None,
    )


def worst(states: list[State]) -> State:
    """The state of the whole: that of its worst part."""
    order = list(State)
    return max(states, key=order.index, default=State.WORKING)
