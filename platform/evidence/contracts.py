"""What the evidence app publishes: which events to choose, errors."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.errors import InvalidInput, NotFound


class NotSealedYet(NotFound):
    """The event is in the log, but no checkpoint covers it yet: some seconds more."""

    code = "not_sealed_yet"
    title = "Not sealed yet"


class NothingSelected(InvalidInput):
    """No sealed event is what was asked for."""

    code = "nothing_selected"
    title = "No such events"


class TooManySelected(InvalidInput):
    """More events were chosen than one bundle of several sorts holds."""

    code = "too_many_selected"
    title = "Too many events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """Events of one sort: of one of ``types``, of a time, whose payload says ``having``.

    ``having`` are names and texts of the payload's own fields.
    """

    types: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    ids: tuple[UUID, ...] = ()
    having: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which sealed events a bundle holds; all of them without any condition.

    ``start`` is the first moment of occurrence, ``end`` the one behind the last. Of ``sorts``,
    where there are any, an event must be one. ``about`` says in words what the conditions mean.
    """

    start: datetime | None = None
    end: datetime | None = None
    subject: str = ""
    type: str = ""
    ids: tuple[UUID, ...] = ()
    sorts: tuple[Sort, ...] = ()
    about: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> dict[str, str]:
        """The conditions in words, by name; empty when everything is chosen."""
        found = {
            "from": self.start.isoformat() if self.start else "",
            "before": self.end.isoformat() if self.end else "",
            "subject": self.subject,
            "type": self.type,
            "ids": ", ".join(str(each) for each in self.ids),
            **dict(self.about),
        }
        return {name: text for name, text in found.items() if text}
