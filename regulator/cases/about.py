"""What a case is to be about, as a link or a form carries it: JSON, one thing or a list. Pure."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import msgspec

from regulator.cases.steps import MOST_ABOUT, StepIncomplete
from regulator.contracts_cases import About

LONGEST = 100_000
_CUT = {"id": 200, "title": 200, "operator": 40, "text": 4_000}


def read(text: str) -> tuple[About, ...]:
    """What ``text`` says; nothing from an empty one. Raises ``StepIncomplete``.

    ``started_at`` and ``ended_at`` may be days; the last day is then included.
    """
    if not text.strip():
        return ()
    try:
        found = msgspec.json.decode(text[:LONGEST])
        things = found if isinstance(found, list) else [found]
        about = tuple(msgspec.convert(_whole(each), About) for each in things)
    except (
        msgspec.MsgspecError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
    ):
        raise StepIncomplete(
            "The link does not say what the case is about.", field="about"
        ) from None
    if len(about) > MOST_ABOUT or not all(_sound(each) for each in about):
        raise StepIncomplete("The link does not say what the case is about.", field="about")
    return about


def write(about: tuple[About, ...]) -> str:
    """The text that ``read`` reads."""
    return msgspec.json.encode(about).decode()


def _whole(thing: dict[str, Any]) -> dict[str, Any]:
    found = {name: str(thing.get(name) or "")[:most] for name, most in _CUT.items()}
    return {
        **found, "kind": thing["kind"], "started_at": _moment(thing.get("started_at"), 0),
        "ended_at": _moment(thing.get("ended_at"), 1),
    }  # fmt: skip


def _moment(text: Any, days: int) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(str(text))
    if len(str(text)) == len("2026-01-01"):
        return datetime.combine(moment.date() + timedelta(days=days), time(), UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _sound(each: About) -> bool:
    whole = bool(each.id and each.title and each.operator) and "\0" not in each.title + each.text
    backwards = each.started_at and each.ended_at and each.ended_at < each.started_at
    return whole and not backwards
