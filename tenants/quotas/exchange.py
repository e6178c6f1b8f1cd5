"""A process's meter: judges requests at once, exchanges counts in a thread of its own.

The thread starts with the first request and sleeps while nobody sends; so processes that take no
events have none, and a server that forks has one per process.
"""

import atexit
import logging
import math
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import redis
from django.conf import settings

from ingest.auth import Principal
from ingest.batch import Batch
from ingest.quota import QuotaExceeded, TooManyRequests
from kernel import clock
from tenants.quotas import ledger as ledgers
from tenants.quotas import store
from tenants.quotas.plans import Plan, month_ends, month_of, plan_of

_QUIET_ROUNDS = 20
_log = logging.getLogger(__name__)


class SharedGate:
    """``ingest.quota.Gate`` by plan, over all processes."""

    def __init__(self, moment: Callable[[], float] = time.monotonic) -> None:
        self._moment = moment
        self.ledger = ledgers.Ledger()
        self._busy = threading.Event()
        self._thread: threading.Thread | None = None
        self._client: redis.Redis | None = None
        self._away = False

    def admit_request(self, principal: Principal) -> None:
        """Let a request in by the tenant's rate; raises ``TooManyRequests``."""
        plan = _plan(principal)
        wait = self.ledger.request(
            principal.schema, plan, moment=self._moment(), day=clock.now().date()
        )
        self._wake()
        if wait:
            seconds = max(math.ceil(wait), 1)
            raise TooManyRequests(
                f"The plan allows {plan.rate:g} requests a second, {plan.burst} at once."
                f" Send the same again in {seconds} s.",
                retry_after=seconds,
            )

    def admit_events(self, principal: Principal) -> None:
        """Let events in while the month has some left; raises ``QuotaExceeded``."""
        plan, now = _plan(principal), clock.now()
        used = self.ledger.used(principal.schema, plan, month=month_of(now), moment=self._moment())
        if used >= plan.ceiling:
            seconds = math.ceil((month_ends(now) - now).total_seconds())
            raise QuotaExceeded(
                f"The plan has {plan.events:,} events a month and {plan.grace:.0%} of grace; they"
                f" are used up until {month_ends(now):%-d %B}. Nothing of this request was taken.",
                retry_after=seconds,
            )

    def count(self, principal: Principal, batch: Batch) -> None:
        """Count new events by type, and what did not become one."""
        now = clock.now()
        counts = Counter(draft.type for draft in batch.drafts)
        if batch.duplicates:
            counts -= Counter(d.type for d in batch.drafts if d.index in batch.duplicates)
            counts[ledgers.DUPLICATES] = len(batch.duplicates)
        if batch.rejected:
            counts[ledgers.REJECTED] = len(batch.rejected)
        self.ledger.count(principal.schema, day=now.date(), month=month_of(now), counts=counts)
        self._wake()

    def exchange(self) -> bool:
        """Tell the others and hear from them; whether there was anything to tell."""
        sent = self.ledger.outgoing(month_of(clock.now()), moment=self._moment())
        try:
            self._client = self._client or store.client()
            events, requests = store.add(self._client, sent)
        except redis.RedisError:
            self.ledger.keep(sent)
            if not self._away:
                _log.warning("Redis is away: each process judges quotas by its own counts.")
            self._away = True
            return True
        self._away = False
        self.ledger.heard(sent, events, requests, moment=self._moment())
        return bool(sent.counts)

    def _wake(self) -> None:
        if not self._busy.is_set():
            self._busy.set()
            if self._thread is None and settings.QUOTA_EXCHANGE_SECONDS:
                self._thread = threading.Thread(target=self._run, daemon=True, name="quotas")
                self._thread.start()
                atexit.register(self._last)

    def _run(self) -> None:
        quiet = 0
        while True:
            self._busy.wait()
            quiet = 0 if self.exchange() else quiet + 1
            if quiet > _QUIET_ROUNDS:
                quiet = 0
                self._busy.clear()
                if not self.ledger.rest():
                    self._busy.set()  # somebody came between the two
            time.sleep(settings.QUOTA_EXCHANGE_SECONDS)

    def _last(self) -> None:
        """What was counted since the last exchange, when the process ends."""
        with suppress(Exception):
            self.exchange()


def _plan(principal: Principal) -> Plan:
    return plan_of(principal.tenant.plan or settings.DEFAULT_PLAN)
