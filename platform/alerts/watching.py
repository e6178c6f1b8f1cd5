"""Look at the active tenant's rules: raise what holds, resolve what holds no more."""

from datetime import datetime, timedelta

from alerts import counting, raising
from alerts.contracts import Fact, Raised, Severity
from alerts.models import Rule
from alerts.rules import Check, Verdict, judge, span

KIND = "rule.events"


def look(*, now: datetime) -> None:
    """One round."""
    standing = []
    for rule in Rule.objects.order_by("pk"):
        found = _judged(rule, now)
        if found.holds:
            standing.append(str(rule.pk))
            raising.raise_alert(_told(rule, found, now), now=now)
    raising.settle(KIND, standing, now=now)
    raising.wake(now=now)


def _judged(rule: Rule, now: datetime) -> Verdict:
    counts = counting.counts(rule.event_type, minutes=rule.minutes, now=now)
    return judge(Check(rule.check_kind), counts, amount=rule.amount, minutes=rule.minutes)


def _told(rule: Rule, found: Verdict, now: datetime) -> Raised:
    facts = [
        Fact(label="Events", value=rule.event_type), Fact(label="Window", value=span(rule.minutes)),
    ]  # fmt: skip
    if found.p is not None:
        facts.append(Fact(label="By chance", value=f"p = {found.p:.1g}"))
    text = f"{rule.event_type}: {found.text}"
    return Raised(
        kind=KIND, key=str(rule.pk), severity=Severity(rule.severity), title=rule.name,
        text=text, path="/events/", since=now - timedelta(minutes=rule.minutes),
        facts=tuple(facts),
    )  # fmt: skip
