"""Bootstrap the configured database, make a tenant and a key, print its schema and the key."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
from django.conf import settings

django.setup()

from kernel import clock
from tenants import keys, provisioning
from tenants.contracts import Kind, Scope
from tenants.models import Tenant

provisioning.ensure_role(settings.DATABASE_URL)
provisioning.bootstrap()
now = clock.now()
tenant = Tenant.objects.create(
    slug="bench", name="Bench", kind=Kind.ADVERTISER, schema_name="t_bench", created_at=now
)
provisioning.provision(tenant=tenant, now=now)
issued = keys.issue(
    tenant=tenant, name="bench", scopes=(Scope.INGEST, Scope.READ), created_by="bench", now=now
)
print(tenant.schema_name, issued.text)
