"""What was found for one test is not known to the next."""

import pytest
from django.core.cache import cache
from django_tenants.utils import schema_context

from tests.fraud.scoring.conftest import _forgetful, scoring  # noqa: F401  # fixtures


@pytest.fixture(autouse=True)
def _afresh(request):
    for name in {"acme", "rival"} & set(request.fixturenames):
        with schema_context(f"t_{name}"):
            cache.delete_many(["fraud-rings", "fraud-rings-told-to"])


@pytest.fixture
def farm(acme, as_tenant):
    """Acme with a shelf of six devices behind one address: twelve cases, the newest of now."""
    from kernel import clock
    from tests.fraud.rings.told import keep, shelf

    with as_tenant(acme):
        keep(shelf(), end=clock.now())
    return acme
