"""``manage.py players``: the demo's gambling operators go on sending while somebody looks."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django_tenants.utils import tenant_context

from config import demo, demo_market
from kernel import clock
from tenants.models import Tenant

_EVERY_SECONDS = 20.0
_AWAY = (DatabaseError, InterfaceError)
_log = logging.getLogger(__name__)


class Command(BaseCommand):
    """Send what each operator's players did since its last batch; after a pause, all of it."""

    help = "Keep sending bets of the demo's gambling operators, until told to stop."

    def handle(self, *args: Any, **options: Any) -> None:
        """Until TERM or INT; while the database is away, wait and try again."""
        tenant = Tenant.objects.filter(slug=demo.MERIDIAN.slug).first()
        if tenant is None:
            raise CommandError(f"There is no {demo.MERIDIAN.slug}: run the demo.")
        done = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: done.set())
        while not done.is_set():
            close_old_connections()
            try:
                with tenant_context(tenant):
                    demo_market.send_due(tenant, now=clock.now())
            except _AWAY as error:
                _log.warning("the database is away (%s)", type(error).__name__)
                connection.close()
            done.wait(_EVERY_SECONDS)
