"""What a line of the log is about: ids that go with a request, into its threads and its tasks.

The ids of one request are one shared record, so that what a thread learns (whose key it was) is
known to whoever writes the request's last line.
"""

import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_ids: ContextVar[dict[str, str] | None] = ContextVar("about", default=None)


@contextmanager
def about(**ids: str) -> Iterator[None]:
    """Lines written inside carry ``ids`` and what is noted meanwhile, and nothing from outside."""
    token = _ids.set({name: value for name, value in ids.items() if value})
    try:
        yield
    finally:
        _ids.reset(token)


def note(**ids: str) -> None:
    """Add ids to those of the request or task at hand; outside of one nothing is kept."""
    known = _ids.get()
    if known is not None:
        known.update(ids)


def known() -> Mapping[str, str]:
    """The ids at hand."""
    return _ids.get() or {}


def request_id(offered: str) -> str:
    """``offered`` if it has the form of an id (8 to 64 letters, digits, ``.``, ``_``, ``-``).

    Otherwise a new one: whatever else a client sends is no text for our log.
    """
    return offered if _WELL_FORMED.fullmatch(offered) else uuid.uuid4().hex
