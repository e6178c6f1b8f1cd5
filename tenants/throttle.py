"""Guessing must be slow: failures are counted per account and per address, for each purpose.

A purpose is a door ("log-in", "code", "reset", "join"): who knocks too often at one may still pass
another.
"""

import hashlib
from datetime import timedelta

from django.core.cache import cache

WINDOW = timedelta(minutes=15)
ACCOUNT_LIMIT = 8
ADDRESS_LIMIT = 60  # an office shares one address


def blocked(*, email: str, address: str, purpose: str = "log-in") -> bool:
    """Whether this account or this address has failed too often within ``WINDOW``."""
    account, network = _account(email, purpose), _address(address, purpose)
    counts = cache.get_many([account, network])
    return bool(counts.get(account, 0) >= ACCOUNT_LIMIT or counts.get(network, 0) >= ADDRESS_LIMIT)


def note_failure(*, email: str, address: str, purpose: str = "log-in") -> bool:
    """Count a failure, the window begins with the first; whether it was the account's last free."""
    _count(_address(address, purpose))
    return _count(_account(email, purpose)) == ACCOUNT_LIMIT


def forgive(*, email: str, purpose: str = "log-in") -> None:
    """Forget an account's failures after its owner got in."""
    cache.delete(_account(email, purpose))


def _count(key: str) -> int:
    """One more under ``key``; the count may end (forgiven, run out) between any two steps."""
    seconds = int(WINDOW.total_seconds())
    if cache.add(key, 1, seconds):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it ended just now: this is the first failure of a new window
        cache.add(key, 1, seconds)
        return 1


def _account(email: str, purpose: str) -> str:
    digest = hashlib.sha256(email.strip().lower().encode("utf-8", "replace")).hexdigest()
    return f"{purpose}:account:{digest}"


def _address(address: str, purpose: str) -> str:
    return f"{purpose}:address:{address}"
