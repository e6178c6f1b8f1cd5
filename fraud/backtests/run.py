"""A back-test of the active tenant's log, by the rules and the model that takes part now."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from eventlog import read
from eventlog.contracts import START, StoredEvent
from fraud.backtests import progress
from fraud.scoring import serving
from fraud.scoring.backtest import Backtest, backtest
from fraud.scoring.decide import Policy

PAGE = 5_000
MOST_PUBLISHERS = 100


def compare(
    *, held: Policy, tried: Policy, since: datetime, until: datetime | None = None,
    told: Callable[[int], None] = lambda _: None,
) -> Backtest:  # fmt: skip
    """Replay the log and judge what happened then by both policies."""
    return backtest(
        _log(), since=since, until=until, held=held, tried=tried, model=serving.champion(),
        told=told,
    )  # fmt: skip


def run(token: str) -> None:
    """Run the back-test that was asked for, telling of it; nothing where it is no more."""
    held = progress.current()
    if held is None or held.token != token or not held.running:
        return
    asked = held.asked
    found = compare(
        held=asked.held.policy(on=True), tried=asked.tried.policy(on=True), since=asked.since,
        until=asked.until, told=lambda done: progress.tell(token, done),
    )  # fmt: skip
    progress.end(token, result=replace(found, publishers=found.publishers[:MOST_PUBLISHERS]))


def _log() -> Iterator[StoredEvent]:
    """Every event in the order of the log."""
    after = START
    while page := read.tail(after=after, limit=PAGE):
        yield from page
        after = page[-1].cursor
