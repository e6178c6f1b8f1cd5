"""Explanations that did not come in time: shown, and an alert, once."""

from datetime import UTC, datetime, time, timedelta

from alerts import raising
from alerts.contracts import Fact, Raised, Severity
from regulator import queries_cases
from regulator.cases.steps import Case

KIND = "regulator.explanation_overdue"


def look(*, now: datetime) -> None:
    """Tell of each explanation that is overdue; what came since, or was decided, is over."""
    standing = []
    for case in queries_cases.overdue(now.date()):
        told = _told(case, now)
        standing.append(told.key)
        raising.raise_alert(told, now=now)
    raising.settle(KIND, standing, now=now)


def _told(case: Case, now: datetime) -> Raised:
    due = case.due or now.date()
    days = (now.date() - due).days
    return Raised(
        kind=KIND,
        key=f"{case.id} {due}",
        severity=Severity.WARNING,
        title=f"{case.operator} has not explained itself: {case.reference} {case.title}",
        text=f"The explanation was due on {due}, {days} day{'' if days == 1 else 's'} ago.",
        path=f"/cases/{case.id}/",
        since=datetime.combine(due + timedelta(days=1), time(), UTC),
        facts=(
            Fact(label="Case", value=case.reference),
            Fact(label="Operator", value=case.operator),
            Fact(label="Due", value=str(due)),
        ),
    )
