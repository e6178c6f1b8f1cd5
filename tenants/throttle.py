"""Guessing passwords must be slow: failed log-ins are counted per account and per address."""

import hashlib
from datetime import timedelta

from django.core.cache import cache

WINDOW = timedelta(minutes=15)
ACCOUNT_LIMIT = 8
ADDRESS_LIMIT = 60  # an office shares one address


def blocked(*, email: str, address: str) -> bool:
    """Whether this account or this address has failed too often within ``WINDOW``."""
    counts = cache.get_many([_account(email), _address(address)])
    return bool(
        counts.get(_account(email), 0) >= ACCOUNT_LIMIT
        or counts.get(_address(address), 0) >= ADDRESS_LIMIT
    )


def note_failure(*, email: str, address: str) -> None:
    """Count a failed log-in; the window begins with the first."""
    for key in (_account(email), _address(address)):
        _count(key)


def forgive(*, email: str) -> None:
    """Forget an account's failures after its owner got in."""
    cache.delete(_account(email))


def _count(key: str) -> None:
    """One more under ``key``; the count may end (forgiven, run out) between any two steps."""
    seconds = int(WINDOW.total_seconds())
    if cache.add(key, 1, seconds):
        return
    try:
        cache.incr(key)
    except ValueError:  # it ended just now: this is the first failure of a new window
        cache.add(key, 1, seconds)


def _account(email: str) -> str:
    digest = hashlib.sha256(email.strip().lower().encode("utf-8", "replace")).hexdigest()
    return f"log-in:account:{digest}"


def _address(address: str) -> str:
    return f"log-in:address:{address}"
