"""Addresses and secrets of routes, wrapped under the master key for their tenant."""

from eventlog.keys.master import master_keys
from eventlog.keys.wrap import unwrap, wrap
from eventlog.tenancy import active_schema


def sealed(text: str) -> bytes:
    """``text``, readable again in the active tenant only."""
    return wrap(text.encode(), under=master_keys()[0], context=_context())


def opened(token: bytes) -> str:
    """What ``sealed`` was given; raises as ``eventlog.keys.wrap.unwrap``."""
    return unwrap(token, under=master_keys(), context=_context()).decode()


def _context() -> str:
    return f"alert route of {active_schema()}"
