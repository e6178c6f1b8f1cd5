"""What a member has just said of cases: kept in the session, so that it can be taken back."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest

from fraud.labels import commands
from fraud.labels.commands import Word
from kernel import clock
from tenants import acts

_JUST_SAID, _UNDONE = "fraud-just-said", "fraud-undone"
REMEMBERED = 50


def who(request: HttpRequest) -> str:
    """The member's pseudonym."""
    return acts.pseudonym(request.tenant, request.user)  # type: ignore[attr-defined,arg-type]  # a member


def say(request: HttpRequest, words: Sequence[Word]) -> None:
    """Say ``words``, all of which one undo takes back."""
    commands.say(words, actor=who(request), now=clock.now())
    request.session[_JUST_SAID] = [*groups(request), [str(each.event) for each in words]][
        -REMEMBERED:
    ]
    go_on(request)


def take_back(request: HttpRequest) -> bool:
    """Take the latest word back, of all it was said of; false where there is none."""
    held, now = groups(request), clock.now()
    if not held:
        return False
    for event in held[-1]:
        commands.withdraw(UUID(event), actor=who(request), now=now, just_said=True)
    request.session[_JUST_SAID], request.session[_UNDONE] = held[:-1], held[-1][0]
    return True


def groups(request: HttpRequest) -> list[list[str]]:
    """The events of each word, the latest last: the read model may not know of them yet."""
    held: list[list[str]] = request.session.get(_JUST_SAID, [])
    return held


def said(request: HttpRequest) -> list[str]:
    """All those events."""
    return [event for group in groups(request) for event in group]


def undone(request: HttpRequest) -> str | None:
    """The event of which a word was taken back last, until there is another word."""
    event: str | None = request.session.get(_UNDONE)
    return event


def go_on(request: HttpRequest) -> None:
    """Turn from what was taken back to what comes next."""
    request.session[_UNDONE] = None
