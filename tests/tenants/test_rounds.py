"""A round over tenants: whom it visits, where, and what one's trouble does to the others."""

import pytest
from django.db import DatabaseError

from eventlog.tenancy import active_schema
from tenants import rounds
from tenants.contracts import Kind
from tenants.models import Tenant


def test_each_tenant_of_the_kind_is_visited_in_its_own_schema(acme, rival):
    Tenant.objects.filter(pk=rival.pk).update(kind=Kind.REGULATOR)
    seen = []

    rounds.each(
        Kind.REGULATOR, lambda tenant: seen.append((tenant.pk, active_schema())), trouble=""
    )

    assert (rival.pk, rival.schema_name) in seen
    assert acme.pk not in {key for key, _ in seen}


def test_ones_trouble_keeps_no_other_waiting(acme, rival, caplog):
    seen = []

    def look(tenant):
        seen.append(tenant.pk)
        raise DatabaseError("away")

    rounds.each(Kind.ADVERTISER, look, trouble="%s was not visited")

    assert {acme.pk, rival.pk} <= set(seen)
    assert f"{acme.schema_name} was not visited" in caplog.text


def test_what_nobody_expected_is_not_swallowed(acme):
    with pytest.raises(ZeroDivisionError):
        rounds.each(Kind.ADVERTISER, lambda _: 1 / 0, trouble="")
