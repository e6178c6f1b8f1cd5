"""Whether the base model fits a tenant's traffic: tried on its own log before it judges. Pure.

It was trained on simulated markets, and no market is like another. What it would hold back beside
the rules, where nobody has called anything false yet, is mostly honest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from eventlog.contracts import StoredEvent
from fraud.contracts import Verdict
from fraud.scoring.backtest import Backtest, backtest
from fraud.scoring.decide import Policy
from ml.served import Served

LEAST = 200
"""Events without which nothing is known of the traffic."""
MOST_MORE = 0.02
"""Of the events, the share it may hold back beyond what the rules do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Of ``events``, those not let through by the rules alone and with the model beside them."""

    events: int
    by_rules: int
    with_model: int

    @property
    def fits(self) -> bool:
        """Whether it may judge."""
        more = self.with_model - self.by_rules
        return self.events >= LEAST and more <= MOST_MORE * self.events

    def words(self) -> str:
        """How it went, in a sentence."""
        if self.events < LEAST:
            return (
                f"The shared base model waits: {self.events:,} events are too few to try it on;"
                f" from {LEAST:,} on it is tried every day."
            )
        found = (
            f"of {self.events:,} events it would hold back {self.with_model:,}, the rules alone"
            f" {self.by_rules:,}."
        )
        if self.fits:
            return f"The shared base model takes part: {found}"
        return f"The shared base model does not fit this traffic: {found} The rules judge alone."


def trial(
    events: Iterable[StoredEvent], again: Iterable[StoredEvent], *, since: datetime, policy: Policy,
    model: Served,
) -> Trial:  # fmt: skip
    """Judge what happened from ``since`` on twice; ``events`` and ``again`` are the same log."""
    alone = backtest(events, since=since, held=policy, tried=policy)
    both = backtest(again, since=since, held=policy, tried=policy, model=model)
    return Trial(events=alone.events, by_rules=_held_back(alone), with_model=_held_back(both))


def _held_back(found: Backtest) -> int:
    return sum(each.after for each in found.verdicts if each.name != Verdict.ALLOW)
