"""Guessing is slowed down per account and per address."""

import uuid

import pytest
from django.core.cache import cache

from tenants import throttle


@pytest.fixture
def who():
    """An account and an address nobody failed with before."""
    name = uuid.uuid4().hex
    return {"email": f"{name}@example.com", "address": name}


def test_it_blocks_an_account_after_some_failures(who):
    for _ in range(throttle.ACCOUNT_LIMIT):
        assert not throttle.blocked(**who)
        throttle.note_failure(**who)

    assert throttle.blocked(email=who["email"].upper(), address="elsewhere")
    assert not throttle.blocked(email="somebody@example.com", address=who["address"])


def test_it_blocks_an_address_after_many(who):
    for number in range(throttle.ADDRESS_LIMIT):
        throttle.note_failure(email=f"{number}-{who['email']}", address=who["address"])

    assert throttle.blocked(email="another@example.com", address=who["address"])


def test_it_counts_on_when_somebody_is_forgiven_at_the_same_moment(who, monkeypatch):
    throttle.note_failure(**who)
    count_on = cache.incr

    def incr(key):
        cache.delete(key)  # forgiven, or its window ran out
        return count_on(key)

    monkeypatch.setattr(cache, "incr", incr)
    throttle.note_failure(**who)
    monkeypatch.undo()

    for _ in range(throttle.ACCOUNT_LIMIT - 2):
        throttle.note_failure(**who)
    assert not throttle.blocked(**who)
    throttle.note_failure(**who)
    assert throttle.blocked(**who)


def test_getting_in_is_forgiven(who):
    for _ in range(throttle.ACCOUNT_LIMIT):
        throttle.note_failure(**who)
    throttle.forgive(email=who["email"])

    assert not throttle.blocked(**who)
