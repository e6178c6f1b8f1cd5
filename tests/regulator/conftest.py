"""A gambling authority with an operator that sends."""

import pytest

from tenants.contracts import Kind
from tenants.models import Tenant
from tests.conftest import client_of
from tests.regulator.told import feed_key, registered, send


@pytest.fixture
def authority(committed_tenant):
    """A regulator, active, whose register has the operators lucky and other."""
    Tenant.objects.filter(pk=committed_tenant.pk).update(kind=Kind.REGULATOR)
    committed_tenant.kind = Kind.REGULATOR
    registered("lucky", "other")
    return committed_tenant


@pytest.fixture
def lucky(authority):
    """Send records as the operator lucky; the answer's document."""
    key = feed_key(authority)

    def post(*events):
        answer = send(key, *events, tenant=authority)
        assert answer.status_code == 200, answer.content
        return answer.json()

    return post


@pytest.fixture
def owner(authority):
    """A browser of the authority's owner."""
    from django.db import connection

    connection.set_schema_to_public()
    client = client_of(authority)
    connection.set_tenant(authority)
    return client
