"""The watcher: looks at every part every few seconds, and sees to incidents.

It stands on nothing it watches: with Redis away it still looks, with the database away it tells the
operators by mail and writes the incident down once the database is back.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django_tenants.utils import get_tenant_model, schema_context

from eventlog.tenancy import deactivate
from health import beats, incidents, look
from health.contracts import BROKEN, Part
from health.probes import processes
from health.probes.services import DATABASE
from health.registry import Scope
from kernel import clock

EVERY_SECONDS = 5.0
PATIENCE_SECONDS = 10.0
_WAS_AWAY = "The database did not answer."
_GONE = (DatabaseError, InterfaceError)

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Watcher:
    """The loop. A part must stay broken for ``PATIENCE_SECONDS`` before it is an incident."""

    now: Callable[[], datetime] = clock.now
    stopping: bool = False
    _broken: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _told: bool = False

    def stop(self) -> None:
        """Ask the loop to end; safe in a signal handler."""
        self.stopping = True

    def run(self) -> None:
        """Look until stopped."""
        while not self.stopping:
            beats.beat(processes.WATCHER)
            self.look()
            self._pause()

    def _pause(self) -> None:
        until = time.monotonic() + EVERY_SECONDS
        while not self.stopping and time.monotonic() < until:
            time.sleep(0.2)

    def look(self) -> None:
        """One round over the service and all tenants."""
        try:
            close_old_connections()
            deactivate()
            self._settle("", look.parts(Scope.SERVICE, {}))
            tenants = get_tenant_model().objects.exclude(provisioned_at=None)
            for schema in list(tenants.values_list("schema_name", flat=True)):
                with schema_context(schema):
                    parts = look.parts(Scope.TENANT, {})
                self._settle(schema, parts)
            incidents.tell(now=self.now())
            self._told = False
        except _GONE as error:
            connection.close()
            self._tell_without_database(error)

    def _settle(self, schema: str, parts: tuple[Part, ...]) -> None:
        """Pass on what has been broken long enough, and all that is not broken."""
        now = self.now()
        lasting = []
        for part in parts:
            key = (schema, part.name)
            if part.state not in BROKEN:
                self._over(part, self._broken.pop(key, None), now)
                lasting.append(part)
                continue
            since = self._broken.setdefault(key, now)
            if (now - since).total_seconds() >= PATIENCE_SECONDS:
                lasting.append(_since(part, since))
        if any(part.name == DATABASE for part in parts if part.state in BROKEN):
            raise DatabaseError("The database is away.")
        incidents.settle(schema, lasting, now=now)

    def _over(self, part: Part, since: datetime | None, now: datetime) -> None:
        """Write down what could not be written while it lasted: the database's own absence."""
        if since is None or part.name != DATABASE:
            return
        if (now - since).total_seconds() >= PATIENCE_SECONDS:
            incidents.write_down(replace(part, since=since, detail=_WAS_AWAY), now=now)

    def _tell_without_database(self, error: Exception) -> None:
        """The one incident that can't be written down while it lasts."""
        since = self._broken.setdefault(("", DATABASE), self.now())
        lasted = (self.now() - since).total_seconds()
        if self._told or lasted < PATIENCE_SECONDS:
            return
        _log.warning("the database is away since %s (%s)", since, type(error).__name__)
        try:
            if settings.OPERATORS:
                text = f"The database does not answer since {since:%Y-%m-%d %H:%M:%S} UTC."
                send_mail("[Touchstone] Database stands still", text, None, settings.OPERATORS)
            self._told = True
        except OSError as problem:
            _log.warning("the operators could not be told: %s", problem)


def _since(part: Part, since: datetime) -> Part:
    return replace(part, since=since)
