"""Make an owner of the tenant ``bench`` who hears of alerts every way; print a session's cookie.

Takes the addresses of a Slack and of a webhook receiver.
"""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.test import Client  # noqa: E402  # the apps must be loaded first
from django_tenants.utils import tenant_context  # noqa: E402

from alerts import commands  # noqa: E402
from alerts.commands import NewRoute  # noqa: E402
from alerts.contracts import Way  # noqa: E402
from kernel import clock  # noqa: E402
from tenants import sessions  # noqa: E402
from tenants.contracts import Role  # noqa: E402
from tenants.models import Membership, Tenant, User  # noqa: E402

now = clock.now()
tenant = Tenant.objects.get(slug="bench")
owner = User.objects.create_user(email="owner@bench.example", password="not to be typed", name="O")
Membership.objects.create(tenant=tenant, user=owner, role=Role.OWNER, created_at=now)
root = sessions.store()
root.create()
client = Client(HTTP_HOST="bench.localhost")
client.force_login(owner)
session = client.session
sessions.bind(session, tenant=tenant, root=str(root.session_key))
session.save()
with tenant_context(tenant):
    for way, address in ((Way.SLACK, sys.argv[1]), (Way.WEBHOOK, sys.argv[2])):
        commands.add_route(
            NewRoute(name=str(way), way=way, address=address), actor="bench", now=now
        )
print(client.cookies["sessionid"].value)
