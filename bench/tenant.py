"""Bootstrap the configured database, make a tenant and a key, print its schema and the key."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
from django.conf import settings

django.setup()

from kernel import clock  # noqa: E402  # the apps must be loaded first
from tenants import keys, provisioning  # noqa: E402
from tenants.contracts import Kind, Scope  # noqa: E402
from tenants.models import Tenant  # noqa: E402

provisioning.ensure_role(settings.DATABASE_URL)
provisioning.bootstrap()
now = clock.now()
tenant = Tenant.objects.create(
    slug="bench", name="Bench", kind=Kind.ADVERTISER, schema_name="t_bench", created_at=now
)
provisioning.provision(tenant=tenant, now=now)
issued = keys.issue(tenant=tenant, name="bench", scopes=tuple(Scope), created_by="bench", now=now)
print(tenant.schema_name, issued.text)
