"""In a database that has been set up: a regulator with an operator; prints two keys.

One of the operator's feed, then one of the regulator's own.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from datetime import timedelta

import django

django.setup()

from django_tenants.utils import tenant_context  # noqa: E402  # the apps must be loaded first

from kernel import clock  # noqa: E402
from regulator.models import Operator  # noqa: E402
from tenants import keys, provisioning  # noqa: E402
from tenants.contracts import Kind, Scope  # noqa: E402
from tenants.models import Tenant  # noqa: E402

now = clock.now()
tenant = Tenant.objects.create(
    slug="authority", name="Authority", kind=Kind.REGULATOR, schema_name="t_authority",
    created_at=now,
)  # fmt: skip
provisioning.provision(tenant=tenant, now=now)
with tenant_context(tenant):
    Operator.objects.create(
        name="lucky", title="Lucky", licence="GA-1", licensed_from=now - timedelta(days=400),
        currency="EUR", game_types=["slots"], registered_at=now, changed_at=now,
    )  # fmt: skip
issued = keys.issue(
    tenant=tenant, name="lucky", scopes=(Scope.FEED,), created_by="bench", now=now, feed="lucky"
)
own = keys.issue(
    tenant=tenant,
    name="own",
    scopes=(Scope.INGEST, Scope.READ, Scope.ADMIN),
    created_by="bench",
    now=now,
)
print(issued.text, own.text)
