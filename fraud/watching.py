"""Watch the active tenant's publishers: one that turns fraudulent is an alert, once."""

from datetime import UTC, datetime, timedelta

import numpy as np

from alerts import raising
from alerts.contracts import Fact, Point, Raised, Severity
from attribution import queries as attribution
from fraud import queries
from fraud.contracts import FraudType
from fraud.ctit import words
from fraud.ctit.clicks import Flags, Floats
from fraud.ctit.judge import WINDOWS, Finding
from fraud.ctit.onset import onset

KIND = "fraud.publisher"
SPANS = (2, 30)
"""Days that are judged: what began today must not drown in a clean month."""
CRITICAL_SHARE = 0.5
MOST = 50
"""Alerts of one look, the worst first: the page has them all."""
_DRAWN = 14
_NAMES = {
    FraudType.CLICK_INJECTION: "injects clicks",
    FraudType.INSTALL_HIJACK: "hijacks installs",
    FraudType.CLICK_FLOODING: "floods clicks",
    FraudType.CLICK_SPAM: "sends clicks that lead to nothing",
}


def watch(*, now: datetime) -> None:
    """Judge the publishers; raise what was found, resolve what is found no more."""
    standing: set[str] = set()
    judged = [_judged(days, now) for days in SPANS]
    for found in judged:
        for finding in found.judged.findings:
            # Told with the longest history there is: it may have begun before the span began.
            told = _told(judged[-1], finding, now)
            if told.key not in standing:
                standing.add(told.key)
                if len(standing) <= MOST:
                    raising.raise_alert(told, now=now)
    raising.settle(KIND, sorted(standing), now=now)


def _judged(days: int, now: datetime) -> queries.Ctit:
    start = now.date() - timedelta(days=days - 1)
    return queries.ctit(start=start, end=now.date(), conversion_type=queries.INSTALL)


def _told(history: queries.Ctit, finding: Finding, now: datetime) -> Raised:
    at, suspicious = _installs(history, finding)
    since = (
        datetime.fromtimestamp(float(at[onset(suspicious, finding.usual)]), UTC) if len(at) else now
    )
    spent = attribution.spend_by_source(start=since.date(), end=now.date())
    cost = spent.get(finding.source, 0.0)
    spam = finding.kind is FraudType.CLICK_SPAM
    severe = spam or finding.share >= CRITICAL_SHARE
    owed = f"{finding.excess:,.0f}"
    if finding.excess_low != finding.excess_high:
        owed += f" ({finding.excess_low:,.0f} to {finding.excess_high:,.0f})"
    return Raised(
        kind=KIND,
        key=f"{finding.kind}:{finding.source}"[:300],
        severity=Severity.CRITICAL if severe else Severity.WARNING,
        title=f"{finding.source} {_NAMES[finding.kind]}",
        text=words.sentence(finding),
        path=queries.page_of(finding.source),
        since=since,
        facts=(
            Fact(label="Publisher", value=finding.source),
            Fact(label="Installs not owed", value=owed),
            Fact(label="Spent there since", value=f"{cost:,.2f} {attribution.home()}"),
            Fact(label="By chance", value=f"p = {finding.p:.1g}"),
        ),
        series=() if spam else _by_day(at, suspicious),
        unit="" if spam else "% of installs",
    )


def _installs(found: queries.Ctit, finding: Finding) -> tuple[Floats, Flags]:
    """When the source's installs came, in order, and which of them are of the kind found."""
    mine = np.flatnonzero(found.clicks.source == found.clicks.sources.index(finding.source))
    mine = mine[np.argsort(found.at[mine], kind="stable")]
    seconds = found.clicks.seconds[mine]
    window = WINDOWS.get(finding.kind)
    if window is None:
        return found.at[mine], np.zeros(mine.size, dtype=bool)
    return found.at[mine], (seconds >= window.low) & (seconds < window.high)


def _by_day(at: Floats, suspicious: Flags) -> tuple[Point, ...]:
    """The share of such installs on each of the last days that had any, in per cent."""
    day = (at // 86_400).astype(np.int64)
    days = np.unique(day)[-_DRAWN:]
    return tuple(
        Point(
            label=f"{datetime.fromtimestamp(int(each) * 86_400, UTC):%d %b}",
            value=round(100 * float(suspicious[day == each].mean()), 1),
        )
        for each in days
    )
