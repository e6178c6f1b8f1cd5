"""What one process knows of the tenants it serves: its own counts, and the others' as last heard.

No input or output here: ``exchange`` carries the counts to Redis and brings the totals back.
"""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tenants.quotas.bucket import Bucket
from tenants.quotas.plans import Plan

REQUESTS, THROTTLED, REJECTED, DUPLICATES = ":requests", ":throttled", ":rejected", ":duplicates"
"""Counted beside the event types, under names no type can have."""
SPECIAL = frozenset({REQUESTS, THROTTLED, REJECTED, DUPLICATES})
IDLE_SECONDS = 3_600
"""A tenant that sent nothing for so long is forgotten by the process."""

Key = tuple[str, date, str]
"""Schema, day (UTC) and what was counted."""


@dataclass(slots=True)
class Account:
    """A tenant as this process sees it.

    ``month`` and ``known`` are the month and its events in all processes when last heard, own ones
    included; ``since`` the own ones not sent yet. ``let_in`` are requests not told to others yet,
    ``total`` the shared count of requests when last heard. ``seen`` is when it last sent something.
    """

    plan: Plan
    bucket: Bucket
    month: str = ""
    known: int = 0
    since: int = 0
    let_in: int = 0
    total: int | None = None
    seen: float = 0.0

    def used(self, month: str) -> int:
        """The month's events as far as this process knows; a new month begins with none."""
        if month != self.month:
            self.month, self.known, self.since = month, 0, 0
        return self.known + self.since


@dataclass(slots=True)
class Outgoing:
    """What goes to the others in one exchange."""

    counts: dict[Key, int]
    events: dict[tuple[str, str], int]
    requests: dict[str, int]


@dataclass(slots=True)
class Ledger:
    """The accounts of this process and the counts it still has to hand over."""

    accounts: dict[str, Account] = field(default_factory=dict)
    pending: Counter[Key] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def request(self, schema: str, plan: Plan, *, moment: float, day: date) -> float:
        """Let a request in or say how many seconds to wait; counts it either way."""
        with self.lock:
            account = self._account(schema, plan, moment)
            wait = account.bucket.take(moment, rate=plan.rate, burst=plan.burst)
            account.let_in += wait == 0
            self.pending[schema, day, THROTTLED if wait else REQUESTS] += 1
            return wait

    def used(self, schema: str, plan: Plan, *, month: str, moment: float) -> int:
        """The month's events as far as this process knows."""
        with self.lock:
            return self._account(schema, plan, moment).used(month)

    def count(self, schema: str, *, day: date, month: str, counts: Mapping[str, int]) -> None:
        """Add what came of a batch: event types, and the special names."""
        with self.lock:
            for name, number in counts.items():
                self.pending[schema, day, name] += number
            account = self.accounts.get(schema)
            if account is not None:
                account.used(month)
                account.since += sum(
                    number for name, number in counts.items() if name not in SPECIAL
                )

    def rest(self) -> bool:
        """Stop listening to the others until the next request; false when one has come already.

        What they let in meanwhile must not be taken out of a bucket that was filled meanwhile.
        """
        with self.lock:
            for account in self.accounts.values():
                account.total = None
            return not self.pending

    def outgoing(self, month: str, *, moment: float) -> Outgoing:
        """Take out what the others have to hear, a zero where only their number is wanted."""
        with self.lock:
            idle = [s for s, each in self.accounts.items() if moment - each.seen > IDLE_SECONDS]
            for schema in idle:
                if not self.accounts[schema].since:
                    del self.accounts[schema]
            sent, self.pending = self.pending, Counter()
            events: dict[tuple[str, str], int] = {}
            requests = {}
            for schema, account in self.accounts.items():
                account.used(month)
                events[schema, month] = account.since
                requests[schema] = account.let_in
                account.known, account.since = account.known + account.since, 0
                account.let_in = 0
            return Outgoing(counts=dict(sent), events=events, requests=requests)

    def heard(
        self,
        sent: Outgoing,
        events: Mapping[tuple[str, str], int],
        requests: Mapping[str, int],
        *,
        moment: float,
    ) -> None:
        """Take in the totals of all processes after ``sent`` was added to them."""
        with self.lock:
            for (schema, month), total in events.items():
                account = self.accounts[schema]
                if account.month == month:
                    account.known = total
            for schema, total in requests.items():
                self._others(self.accounts[schema], total, sent.requests[schema], moment)

    def keep(self, sent: Outgoing) -> None:
        """Nobody heard ``sent``: it stays to be told."""
        with self.lock:
            self.pending.update(sent.counts)
            for (schema, month), number in sent.events.items():
                account = self.accounts[schema]
                if account.month == month:
                    account.known, account.since = account.known - number, account.since + number
            for schema, number in sent.requests.items():
                self.accounts[schema].let_in += number

    def _others(self, account: Account, total: int, own: int, moment: float) -> None:
        if account.total is not None and total - account.total > own:
            account.bucket.taken_elsewhere(
                total - account.total - own,
                moment,
                rate=account.plan.rate,
                burst=account.plan.burst,
            )
        account.total = total

    def _account(self, schema: str, plan: Plan, moment: float) -> Account:
        account = self.accounts.get(schema)
        if account is None:
            bucket = Bucket(tokens=float(plan.burst), at=moment)
            account = self.accounts[schema] = Account(plan=plan, bucket=bucket)
        account.plan, account.seen = plan, moment
        return account
