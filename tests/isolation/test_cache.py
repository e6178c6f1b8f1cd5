"""Tenants do not meet in the cache."""

import uuid

from django.core.cache import cache, caches
from django.db import connection


def test_what_one_tenant_puts_there_no_other_finds(acme, rival, as_tenant):
    key = uuid.uuid4().hex
    with as_tenant(acme):
        cache.set(key, "acme's", 60)
    with as_tenant(rival):
        assert cache.get(key) is None
        assert cache.add(key, "rival's", 60)
    assert cache.get(key) is None
    with as_tenant(acme):
        assert cache.get(key) == "acme's"


def test_every_cache_carries_the_tenant_in_its_keys(acme, as_tenant):
    with as_tenant(acme):
        for each in caches.all(initialized_only=False):
            assert each.make_key("x").startswith(f"{connection.schema_name}:")
