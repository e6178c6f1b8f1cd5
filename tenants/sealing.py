"""Secrets of people in the shared schema: wrapped under the master key, for one purpose each.

A letter that waits, the seed of one-time codes: a dump of the database must not give them away.
"""

from eventlog.keys.master import master_keys
from eventlog.keys.wrap import unwrap, wrap


def seal(secret: bytes, *, context: str) -> bytes:
    """``secret``, readable again for the same ``context`` only."""
    return wrap(secret, under=master_keys()[0], context=context)


def unseal(sealed: bytes, *, context: str) -> bytes:
    """What ``seal`` was given; raises as ``eventlog.keys.wrap.unwrap``."""
    return unwrap(sealed, under=master_keys(), context=context)
